package io.github.lbkit.testkit.sim;

/**
 * The behaviour and capacity of a simulated server. Immutable.
 *
 * <p>A server works on up to {@code concurrency} attempts at a time, and queues up to {@code queueCapacity} more in
 * order of arrival. It refuses any other attempt at once with status 503
 * ({@link io.github.lbkit.api.Failure#OVERLOADED}). When a client gives up a queued attempt, the attempt leaves the
 * queue; an attempt in work takes its whole service time.
 *
 * @param behaviour the responses
 * @param concurrency the maximum number of attempts in work, 1 or more
 * @param queueCapacity the maximum number of queued attempts, 0 or more
 */
public record ServerModel(Behaviour behaviour, int concurrency, int queueCapacity) {
    /** Checks the ranges. */
    public ServerModel {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency " + concurrency + " is not 1 or more");
        }
        if (queueCapacity < 0) {
            throw new IllegalArgumentException("queueCapacity " + queueCapacity + " is not 0 or more");
        }
    }

    /** Returns this model with another behaviour. */
    public ServerModel withBehaviour(Behaviour other) {
        return new ServerModel(other, concurrency, queueCapacity);
    }

    /** Returns this model with another capacity. */
    public ServerModel withCapacity(int newConcurrency, int newQueueCapacity) {
        return new ServerModel(behaviour, newConcurrency, newQueueCapacity);
    }
}
