package io.github.lbkit.testkit.sim;

/**
 * What a simulated server is like. Immutable.
 *
 * <p>Up to {@code atOnce} attempts are worked on at a time, {@code queued} more wait in order of their coming, and what is
 * beyond both is answered at once by a status 503 that says so ({@link io.github.lbkit.api.Failure#OVERLOADED}). An attempt that its client gives up leaves the queue; one that is worked
 * on already costs the server its whole time all the same.
 *
 * @param behaviour how it answers
 * @param atOnce how many attempts it works on at a time, 1 or more
 * @param queued how many more may wait, 0 or more
 */
public record ServerModel(Behaviour behaviour, int atOnce, int queued) {
    /** Checks. */
    public ServerModel {
        if (atOnce < 1) {
            throw new IllegalArgumentException("atOnce " + atOnce + " is not 1 or more");
        }
        if (queued < 0) {
            throw new IllegalArgumentException("queued " + queued + " is not 0 or more");
        }
    }

    /** The same server with another behaviour. */
    public ServerModel with(Behaviour other) {
        return new ServerModel(other, atOnce, queued);
    }

    /** The same server with room for others. */
    public ServerModel with(int newAtOnce, int newQueued) {
        return new ServerModel(behaviour, newAtOnce, newQueued);
    }
}
