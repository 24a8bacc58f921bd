package io.github.lbkit.api.pool;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that looks at a source again and again, and at once when it is told that something has changed: a look that
 * fails changes nothing but the pool's age. A server that the source names at another address, or as another instance,
 * has a new instance; one that it does not name any more drains. Thread-safe.
 *
 * <p>For whoever writes a pool of servers that others run: {@link DnsPool} and {@link FilePool} are each a {@link Source}
 * and a factory that calls {@link #begin()} last.
 */
public abstract class PolledPool implements ServerPool {
    private static final Logger LOG = LoggerFactory.getLogger(PolledPool.class);

    private final String name;
    private final Source source;
    private final Duration every;
    private final Scheduler scheduler;
    private final Scheduler worker;
    private final Notifier notifier;
    private final Showcase showcase;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** By id; confined to the scheduler, as is all that is not volatile below. */
    private Map<String, Instance> instances = new HashMap<>();

    private long generations;
    private String complaint = "";
    private boolean looking;
    private boolean again;
    private @Nullable Subscription next;

    /** Whether a look has not ended; written by whoever begins and ends it, one at a time. */
    private volatile boolean busy;

    /** When the source last confirmed the membership; written by the scheduler, read by everyone. */
    private volatile long confirmed;

    /** Where a pool looks. Confined to the pool's worker, but for its name and patience. */
    public interface Source {
        /** Where it looks, for people. */
        String name();

        /** How long the pool waits for an answer; one that comes later counts for nothing. */
        Duration patience();

        /**
         * Looks; called on this worker, one look at a time; may block it, and may go on there later. Each id at most
         * once. A stage that completes exceptionally leaves the membership as it is, and its message goes to the log.
         */
        CompletionStage<List<Listed>> look(Scheduler worker);
    }

    /**
     * A pool that has not begun.
     *
     * @param every how long after the end of one look the next begins
     * @param drain how long a server that is not named any more may go on with what it has in flight
     */
    protected PolledPool(PoolContext context, Source source, Duration every, Duration drain) {
        this.name = context.name();
        this.source = source;
        this.every = every;
        scheduler = context.runtimes().scheduler("pool-" + name);
        worker = context.runtimes().scheduler("pool-" + name + "-source");
        notifier = new Notifier(name, scheduler);
        showcase = new Showcase(notifier, scheduler, drain);
        confirmed = scheduler.nanoTime();
    }

    /** Begins with what is known already. */
    final void begin(List<Listed> known) {
        show(known);
        scheduler.execute(() -> lookIn(every));
    }

    /** Begins by looking; the last thing that a factory does. */
    protected final void begin() {
        scheduler.execute(this::look);
    }

    /** Something may have changed: looks now, or once more after the look that is under way. */
    protected final void hint() {
        scheduler.execute(() -> {
            if (looking) {
                again = true;
            } else {
                look();
            }
        });
    }

    private void lookIn(Duration pause) {
        next = scheduler.schedule(pause, this::look);
    }

    private void look() {
        looking = true;
        again = false;
        if (next != null) {
            next.close();
            next = null;
        }
        CompletableFuture<List<Listed>> answer = new CompletableFuture<>();
        if (busy) {
            answer.completeExceptionally(new TimeoutException(source.name() + ": the last look has not ended yet"));
        } else {
            busy = true;
            worker.execute(() -> ask(answer));
        }
        Subscription deadline = scheduler.schedule(
                source.patience(),
                () -> answer.completeExceptionally(
                        new TimeoutException(source.name() + ": no answer within " + source.patience())));
        var unused = answer.whenComplete((listed, e) -> scheduler.execute(() -> {
            deadline.close();
            if (e == null) {
                complaint = "";
                show(listed);
            } else {
                failed(e);
            }
            looking = false;
            lookIn(again && e == null ? Duration.ZERO : every);
        }));
    }

    private void ask(CompletableFuture<List<Listed>> answer) {
        CompletionStage<List<Listed>> stage;
        try {
            stage = source.look(worker);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((listed, e) -> {
            busy = false;
            if (e == null) {
                answer.complete(listed);
            } else {
                answer.completeExceptionally(e);
            }
        });
    }

    private void show(List<Listed> listed) {
        confirmed = scheduler.nanoTime();
        Map<String, Instance> newest = new HashMap<>();
        List<Server> servers = new ArrayList<>();
        for (Listed one : listed) {
            Instance known = instances.get(one.id());
            Instance instance = known != null
                            && known.address().equals(one.address())
                            && known.name().equals(one.instance())
                    ? known
                    : new Instance(one.instance(), one.address(), ++generations);
            newest.put(one.id(), instance);
            servers.add(Server.ready(one.id(), instance)
                    .withState(one.serves() ? Server.State.READY : Server.State.DOWN)
                    .withWeight(one.weight())
                    .withLabels(one.labels()));
        }
        instances = newest;
        showcase.show(servers, server -> true);
        if (!ready.isDone()) {
            Membership first = notifier.membership();
            notifier.afterwards(() -> ready.complete(first));
        }
    }

    private void failed(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        String reason = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
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

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Membership membership() {
        return notifier.membership();
    }

    @Override
    public final CompletionStage<Membership> ready() {
        return ready.copy();
    }

    @Override
    public final Subscription subscribe(PoolListener listener) {
        return notifier.subscribe(listener);
    }

    /** How long ago the source was last looked at with success. */
    @Override
    public final Duration age() {
        return Duration.ofNanos(Math.max(0, scheduler.nanoTime() - confirmed));
    }

    @Override
    public final void close() {
        notifier.close();
        scheduler.close();
        worker.close();
        ready.completeExceptionally(ChangeRules.closed(name));
    }
}
