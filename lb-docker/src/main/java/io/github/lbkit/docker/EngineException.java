package io.github.lbkit.docker;

/**
 * A failed call to a Docker engine. The type answers the operator's question; the message names the engine, the call
 * and the setting to check.
 */
public abstract sealed class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    private EngineException(String message) {
        super(message);
    }

    /** Thrown if no engine listens at the address: it does not run, or it runs elsewhere. */
    public static final class NotRunning extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception whose message names the setting to check. */
        public NotRunning(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Thrown if this process may not use the engine, because of the socket's permissions or TLS. */
    public static final class NoPermission extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception whose message names the setting to check. */
        public NoPermission(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Thrown if the engine did not answer in time. The call may have taken effect. */
    public static final class NoAnswer extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception whose message names the timeout. */
        public NoAnswer(String message) {
            super(message);
        }
    }

    /** Thrown if the connection broke or the response was invalid. The call may have taken effect. */
    public static final class Broken extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception with the error of the connection. */
        public Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Thrown if the engine has no such image, container, network or service. */
    public static final class NotFound extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception with the engine's message. */
        public NotFound(String message) {
            super(message);
        }
    }

    /** Thrown if the call conflicts with the current state, such as a name in use or a removal under way. */
    public static final class Conflict extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception with the engine's message. */
        public Conflict(String message) {
            super(message);
        }
    }

    /** Thrown if the engine, or a filter in front of it, refuses the call as invalid or forbidden. */
    public static final class Refused extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception with the engine's message. */
        public Refused(String message) {
            super(message);
        }
    }

    /** Thrown if the engine failed to carry out the call. */
    public static final class Failed extends EngineException {
        private static final long serialVersionUID = 1L;

        /** Creates an exception with the engine's message. */
        public Failed(String message) {
            super(message);
        }
    }
}
