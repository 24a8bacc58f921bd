package io.github.lbkit.api;

import io.github.lbkit.api.internal.balancer.CallQueue;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A bounded queue of a balancer's calls that wait for a free server, in order of arrival. A call that finds all servers
 * at their cap waits until an attempt ends, or until servers, health or overrides change. Each call waits at most
 * {@link Settings#maxWait}. Thread-safe, never blocks, and has no thread of its own: a thread that ends an attempt also
 * serves the waiting calls.
 *
 * <p>A new call goes behind the waiting calls, even if a server has become free. Calls that use {@link Call#next} do
 * not enter the queue and may overtake it. A waiting call that was already refused by the only free servers keeps its
 * place, and calls behind it may overtake it.
 *
 * <p><b>Good for</b> short peaks of calls that are worth a wait. <b>Bad for</b> lasting overload: all calls then wait
 * in vain before they are refused, so keep {@link Settings#maxWait} short.
 */
public final class WaitQueue implements AutoCloseable {
    private final LoadBalancer balancer;
    private final CallQueue queue;

    /**
     * The limits of a wait queue. Immutable.
     *
     * @param maxWaiting the maximum number of waiting calls, 1 or more
     * @param maxWait the maximum wait of each call; positive
     * @param whileNoneReady whether calls also wait while no server is ready
     */
    public record Settings(int maxWaiting, Duration maxWait, boolean whileNoneReady) {
        /** Checks the settings. */
        public Settings {
            if (maxWaiting < 1) {
                throw new IllegalArgumentException("wait queue maxWaiting " + maxWaiting + " is not 1 or more");
            }
            if (maxWait.isNegative() || maxWait.isZero()) {
                throw new IllegalArgumentException("wait queue maxWait " + maxWait + " is not positive");
            }
        }

        private boolean mayWait(NoServer.Reason reason) {
            return switch (reason) {
                case ALL_BUSY, POOL_BUSY -> true;
                case NONE_READY, POOL_UNKNOWN -> whileNoneReady;
                default -> false;
            };
        }
    }

    /**
     * Creates the queue of a balancer. The queue ends when the queue or the balancer is closed.
     *
     * @throws IllegalStateException if the balancer has a queue already
     */
    public WaitQueue(LoadBalancer balancer, Settings settings) {
        this.balancer = balancer;
        queue = new CallQueue(balancer.engine(), settings.maxWaiting(), settings.maxWait(), settings::mayWait);
    }

    /**
     * Returns the next server of a call: at once if a server is free or waiting is useless, else when the call is first
     * in the queue and a server is free. The caller must not use the call until the future is complete.
     *
     * <p>Completing the future, for example by {@code cancel} or {@code orTimeout}, ends the wait. Dependent actions
     * run on the thread that ended the wait, such as the thread that ended another call's attempt: they must not block.
     * A call whose wait was too long gets {@link NoServer.Reason#QUEUE_TIMEOUT}. A call that finds the queue full gets
     * {@link NoServer.Reason#QUEUE_FULL}. All calls get {@link NoServer.Reason#CLOSED} when the queue or the balancer
     * is closed.
     *
     * @throws IllegalArgumentException if the call belongs to another balancer
     */
    public CompletableFuture<Pick> next(Call call) {
        return queue.next(call);
    }

    /** Returns the balancer. */
    public LoadBalancer balancer() {
        return balancer;
    }

    /** Returns the number of waiting calls. */
    public int waiting() {
        return queue.waiting();
    }

    /** Ends all waits. Later calls get {@link NoServer.Reason#CLOSED}. The balancer stays open. */
    @Override
    public void close() {
        queue.close();
    }
}
