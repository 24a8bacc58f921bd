package io.github.lbkit.api;

/**
 * One request's way through the balancer: the servers it tries, each at most once. Confined to one thread at a time;
 * never blocks, takes no lock.
 */
public interface Call {
    /**
     * The next server to try. It skips what has left, drains or changed its instance since the call began, and looks
     * at the newest membership once when the candidates it knows are used up.
     *
     * @throws IllegalStateException if the attempt before has not ended
     */
    Pick next();

    /** How many attempts this call has begun. */
    int attempts();

    /** What the call is routed by. */
    Key key();
}
