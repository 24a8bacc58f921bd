package io.github.lbkit.testkit.docker.internal.http;

/** A call that the engine refuses, with the status and message that the client receives. */
public final class EngineError extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Creates the error of an HTTP status and a message. */
    public EngineError(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
