package io.github.lbkit.api;

/**
 * The call of one request through the balancer: a sequence of attempts, each at a different server. Confined to one
 * thread at a time; never blocks, takes no lock. Only a balancer creates calls.
 */
public interface Call {
    /**
     * Returns the next server to try. Skips servers that have left, drain or have a new instance since the call began.
     * Reads the newest membership once when no candidate is left.
     *
     * @throws IllegalStateException if the previous attempt has not ended
     */
    Pick next();

    /** Returns the number of attempts that the call has begun. */
    int attempts();

    /** Returns the key that routes the call. */
    Key key();
}
