package io.github.lbkit.examples.serve;

/** A failed start: not one of the servers could be launched. */
public final class NothingStartedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NothingStartedException(int servers, String pool, String reasons) {
        super("not one of " + servers + " servers of --pool " + pool + " could be started: " + reasons
                + "; fix the cause, or start without servers (--servers 0)");
    }
}
