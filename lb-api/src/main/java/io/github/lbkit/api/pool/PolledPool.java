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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that looks at a source again and again: a look that fails changes nothing but the pool's age. A server that the
 * source names at another address has a new instance; one that it does not name any more drains. Thread-safe.
 */
abstract sealed class PolledPool implements ServerPool permits DnsPool, FilePool {
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

    /** Whether a look has not ended; written by whoever begins and ends it, one at a time. */
    private volatile boolean busy;

    /** When the source last confirmed the membership; written by the scheduler, read by everyone. */
    private volatile long confirmed;

    /** Where a pool looks. */
    interface Source {
        /** Where it looks, for people. */
        String name();

        /** How long the pool waits for an answer; one that comes later counts for nothing. */
        Duration patience();

        /** Looks; called on this worker, one look at a time; may block it, and may go on there later. */
        CompletionStage<List<Listed>> look(Scheduler worker);
    }

    PolledPool(PoolContext context, Source source, Duration every, Duration drain) {
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
        scheduler.schedule(every, this::look);
    }

    /** Begins by looking. */
    final void begin() {
        scheduler.execute(this::look);
    }

    private void look() {
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
            scheduler.schedule(every, this::look);
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
            Instance instance = known != null && known.address().equals(one.address())
                    ? known
                    : new Instance(one.address().authority(), one.address(), ++generations);
            newest.put(one.id(), instance);
            servers.add(
                    Server.ready(one.id(), instance).withWeight(one.weight()).withLabels(one.labels()));
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
