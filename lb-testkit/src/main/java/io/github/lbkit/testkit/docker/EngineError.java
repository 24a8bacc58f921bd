package io.github.lbkit.testkit.docker;

/** What the engine refuses: a status and a message, as a client gets them. */
final class EngineError extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final int status;

    EngineError(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
