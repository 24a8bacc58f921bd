package io.github.lbkit.docker.internal.follow;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.DrainingMembership;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a pool that follows an engine owes its listeners: the servers that were seen last, how long ago that was, and one
 * line in the log for each new reason why they cannot be seen. Thread-safe, but for what is confined to its scheduler.
 */
public final class Following implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private final String name;
    private final Scheduler scheduler;
    private final Notifier notifier;
    private final DrainingMembership showcase;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** Confined to the scheduler. */
    private String complaint = "";

    /** When the engine last confirmed what is shown; written by the scheduler, read by everyone. */
    private volatile long confirmed;

    /**
     * Nothing is known yet.
     *
     * @param drain how long a server that left, and runs on, may go on with what it has in flight
     */
    public Following(PoolContext context, Duration drain) {
        name = context.name();
        scheduler = context.runtimes().scheduler("pool-" + name);
        notifier = new Notifier(name, scheduler);
        showcase = new DrainingMembership(notifier, scheduler, drain);
        confirmed = scheduler.nanoTime();
    }

    /** The pool's name. */
    public String name() {
        return name;
    }

    /** The pool's own. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * One server and what there is to say of it.
     *
     * @param server as it is shown
     * @param why it does not serve; empty if it does
     */
    public record Shown(Server server, String why) {}

    /**
     * Shows these servers; on the scheduler.
     *
     * @param alive whether what is not among them any more still runs
     */
    public void show(Collection<Shown> shown, Predicate<Server> alive) {
        Membership before = notifier.membership();
        showcase.show(shown.stream().map(Shown::server).toList(), alive);
        for (Shown one : shown) {
            Server server = one.server();
            if (server.state() == Server.State.DOWN) {
                before.server(server.id())
                        .filter(was -> was.state() == Server.State.READY)
                        .flatMap(Server::instance)
                        .ifPresent(instance ->
                                notifier.happened(new PoolEvent.Lost(server.id(), instance.generation(), one.why())));
            }
        }
    }

    /** The engine has confirmed what is shown; on the scheduler. */
    public void confirm() {
        confirmed = scheduler.nanoTime();
        if (!complaint.isEmpty()) {
            complaint = "";
            LOG.info("pool {}: the engine answers again", name);
        }
        if (!ready.isDone() && notifier.membership().isKnown()) {
            notifier.afterwards(() -> ready.complete(notifier.membership()));
        }
    }

    /** The engine's events come again. Thread-safe. */
    public void streamReopened(String reason, Duration silence) {
        scheduler.execute(() -> notifier.happened(new PoolEvent.StreamReopened(reason, silence)));
    }

    /** The engine could not be asked; what is shown stays. On the scheduler. */
    public void failed(Throwable why) {
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (!reason.equals(complaint)) {
            complaint = reason;
            Membership kept = notifier.membership();
            LOG.warn(
                    "pool {}: {}; {}",
                    name,
                    reason,
                    kept.isKnown()
                            ? "the " + kept.servers().size() + " servers of before stay"
                            : "no server is known yet");
        }
    }

    /** Runs this on the scheduler once the listeners have heard all that was shown before. */
    public void afterwards(Runnable task) {
        notifier.afterwards(task);
    }

    /** The newest snapshot. */
    public Membership membership() {
        return notifier.membership();
    }

    /** Completes with the first snapshot that the engine confirmed. */
    public CompletionStage<Membership> ready() {
        return ready.copy();
    }

    /** Tells this listener. */
    public Subscription subscribe(PoolListener listener) {
        return notifier.subscribe(listener);
    }

    /** How long ago the engine last confirmed what is shown. */
    public Duration age() {
        return Duration.ofNanos(Math.max(0, scheduler.nanoTime() - confirmed));
    }

    /** The refusal of a pool that is closed. */
    public PoolChangeRefusedException refusal() {
        return new PoolChangeRefusedException(PoolChangeRefusedException.Reason.CLOSED, "pool " + name + " is closed");
    }

    @Override
    public void close() {
        notifier.close();
        scheduler.close();
        ready.completeExceptionally(refusal());
    }
}
