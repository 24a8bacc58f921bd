package io.github.lbkit.docker;

/**
 * A call to a Docker engine that came to nothing. The type answers the operator's question; the message says which
 * engine, which call, and what to look at.
 */
public abstract sealed class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    private EngineException(String message) {
        super(message);
    }

    /** Nobody listens where the engine should: it does not run, or it runs elsewhere. */
    public static final class NotRunning extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With what to look at. */
        public NotRunning(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** This process may not talk to the engine: the socket's rights, or TLS. */
    public static final class NoPermission extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With what to look at. */
        public NoPermission(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The engine did not answer in time. Whether it did what it was asked to is not known. */
    public static final class NoAnswer extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With the time it was given. */
        public NoAnswer(String message) {
            super(message);
        }
    }

    /** The connection broke, or the answer made no sense. Whether the engine did what it was asked to is not known. */
    public static final class Broken extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With what broke. */
        public Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The engine does not know what was asked for: no such image, container, network or service. */
    public static final class NotFound extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With the engine's words. */
        public NotFound(String message) {
            super(message);
        }
    }

    /** What was asked for clashes with what is: a name that is taken, a removal under way. */
    public static final class Conflict extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With the engine's words. */
        public Conflict(String message) {
            super(message);
        }
    }

    /** The engine, or a filter in front of it, says that this must not or cannot be asked. */
    public static final class Refused extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With the engine's words. */
        public Refused(String message) {
            super(message);
        }
    }

    /** The engine tried, and failed. */
    public static final class Failed extends EngineException {
        private static final long serialVersionUID = 1L;

        /** With the engine's words. */
        public Failed(String message) {
            super(message);
        }
    }
}
