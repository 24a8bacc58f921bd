package io.github.lbkit.testkit.fault;

/**
 * An exception whose own methods throw, so that neither its text nor its stack trace can be printed. Code that logs
 * what
 * others have thrown must survive it.
 */
public final class UnprintableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Creates the exception; its constructor is the only part that works. */
    public UnprintableException() {}

    @Override
    public String getMessage() {
        throw new IllegalStateException("no message, as the test requires");
    }

    @Override
    public String toString() {
        throw new IllegalStateException("no text, as the test requires");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
        throw new IllegalStateException("no stack trace, as the test requires");
    }
}
