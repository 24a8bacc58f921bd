package io.github.lbkit.docker.internal.follow;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.DrainingMembership;
import io.github.lbkit.api.pool.spi.Notifier;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.docker.internal.engine.Causes;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The membership that a pool publishes while it follows servers which an engine runs: the servers last reported, the
 * age of that report, and one log line for each new reason of a failure. Thread-safe, except for methods that are
 * confined to its scheduler.
 */
public final class PoolView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolView.class);

    private final String name;
    private final Scheduler scheduler;
    private final Notifier notifier;
    private final DrainingMembership showcase;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** The reason that was logged last; empty after a success. Confined to the scheduler. */
    private String loggedReason = "";

    /** The time of the engine's last confirmation; written by the scheduler, read by all. */
    private volatile long confirmedNanos;

    /**
     * Creates a view without a known server.
     *
     * @param drain the time in which a server that left the pool and still runs may finish its requests
     */
    public PoolView(PoolContext context, Duration drain) {
        name = context.name();
        scheduler = context.runtimes().scheduler("pool-" + name);
        notifier = new Notifier(name, scheduler);
        showcase = new DrainingMembership(notifier, scheduler, drain);
        confirmedNanos = scheduler.nanoTime();
    }

    /** The pool's name. */
    public String name() {
        return name;
    }

    /** The pool's scheduler. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * A server as it was last reported.
     *
     * @param server the server
     * @param reason the reason for which the server does not serve; empty if it serves
     */
    public record Observed(Server server, String reason) {}

    /**
     * Publishes these servers; called on the scheduler.
     *
     * @param stillRuns tests whether a server that is no longer reported still runs
     */
    public void publish(Collection<Observed> observed, Predicate<Server> stillRuns) {
        Membership before = notifier.membership();
        showcase.show(observed.stream().map(Observed::server).toList(), stillRuns);
        for (Observed current : observed) {
            Server server = current.server();
            if (server.state() == Server.State.DOWN) {
                before.server(server.id())
                        .filter(previous -> previous.state() == Server.State.READY)
                        .flatMap(Server::instance)
                        .ifPresent(instance -> notifier.happened(new PoolEvent.Lost(
                                new InstanceId(server.id(), instance.generation()), current.reason())));
            }
        }
    }

    /** Records that the engine has confirmed the published servers; called on the scheduler. */
    public void confirm() {
        confirmedNanos = scheduler.nanoTime();
        if (!loggedReason.isEmpty()) {
            loggedReason = "";
            LOG.info("pool {}: the engine answers again", name);
        }
        if (!ready.isDone() && notifier.membership().isKnown()) {
            notifier.afterwards(() -> ready.complete(notifier.membership()));
        }
    }

    /** Reports that the engine's events arrive again. Thread-safe. */
    public void streamReopened(String reason, Duration silence) {
        scheduler.execute(() -> notifier.happened(new PoolEvent.StreamReopened(reason, silence)));
    }

    /** Records that a call to the engine has failed; the published servers stay. Called on the scheduler. */
    public void failed(Throwable failure) {
        String reason = Causes.message(failure);
        if (!reason.equals(loggedReason)) {
            loggedReason = reason;
            Membership kept = notifier.membership();
            LOG.warn(
                    "pool {}: {}; {}",
                    name,
                    reason,
                    kept.isKnown()
                            ? "the " + kept.servers().size() + " servers known before are kept"
                            : "no server is known yet");
        }
    }

    /** Runs a task on the scheduler after the listeners were notified of everything published before. */
    public void afterwards(Runnable task) {
        notifier.afterwards(task);
    }

    /** The newest snapshot. */
    public Membership membership() {
        return notifier.membership();
    }

    /** Returns a stage that completes with the first snapshot that the engine has confirmed. */
    public CompletionStage<Membership> ready() {
        return ready.copy();
    }

    /** Registers a listener. */
    public Subscription subscribe(PoolListener listener) {
        return notifier.subscribe(listener);
    }

    /** The time since the engine's last confirmation. */
    public Duration age() {
        return Duration.ofNanos(Math.max(0, scheduler.nanoTime() - confirmedNanos));
    }

    /** Returns the exception that refuses a change of a closed pool. */
    public PoolChangeRefusedException closedException() {
        return new PoolChangeRefusedException(PoolChangeRefusedException.Reason.CLOSED, "pool " + name + " is closed");
    }

    @Override
    public void close() {
        notifier.close();
        scheduler.close();
        ready.completeExceptionally(closedException());
    }
}
