package io.github.lbkit.examples.serve;

/** A start whose servers could not be launched, not one of them. */
public final class NothingStartedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NothingStartedException(int servers, String pool, String reasons) {
        super("not one of " + servers + " servers of --pool " + pool + " could be started: " + reasons
                + "; mend that, or begin without servers (--servers 0)");
    }
}
