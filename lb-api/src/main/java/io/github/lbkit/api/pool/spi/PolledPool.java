package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.internal.pool.PoolLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A pool that looks at a source again and again, and at once when it is told that something has changed: a look that
 * fails changes nothing but the pool's age. A server that the source names at another address, or as another instance,
 * has a new instance; one that it does not name any more drains. Thread-safe.
 *
 * <p>For whoever writes a pool of servers that others run: {@code DnsPool} and {@code FilePool} are each a {@link Source}
 * and a factory that calls {@link #begin()} last.
 */
public abstract class PolledPool implements ServerPool {
    /** How long a source is waited for that does not say how long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final Source source;
    private final Duration every;
    private final Scheduler scheduler;
    private final Scheduler worker;
    private final Notifier notifier;
    private final PoolLog log;
    private final GuardedCalls calls;
    private final String sourceName;
    private final DrainingMembership showcase;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** By id; confined to the scheduler, as is all that is not volatile below. */
    private Map<String, Instance> instances = new HashMap<>();

    private long generations;
    private String complaint = "";
    private boolean looking;
    private boolean again;
    private @Nullable Subscription next;

    /** Whether the source has not returned from a look; written by the scheduler before it and by the worker after it. */
    private volatile boolean blocked;

    /** When the source last confirmed the membership; written by the scheduler, read by everyone. */
    private volatile long confirmed;

    /** Where a pool looks. Confined to the pool's worker, but for its name and patience. */
    public interface Source {
        /** Where it looks, for people. */
        String name();

        /** How long the pool waits for an answer; one that comes later counts for nothing. */
        Duration patience();

        /**
         * Looks; called on this worker; may block it, and may go on there later. The next look begins when the stage has
         * completed, or when its time is over and this method has returned. Each id at most once. A stage that completes
         * exceptionally leaves the membership as it is, and its message goes to the log; so does a call that throws, and a
         * list that names a server twice.
         */
        CompletionStage<List<ListedServer>> look(Scheduler worker);
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
        worker = worker(context);
        notifier = new Notifier(name, scheduler);
        log = new PoolLog(name, scheduler);
        calls = log.calls();
        sourceName = calls.value(source, "name", source::name, source.getClass().getName());
        showcase = new DrainingMembership(notifier, scheduler, drain);
        confirmed = scheduler.nanoTime();
    }

    private Scheduler worker(PoolContext context) {
        try {
            return context.runtimes().scheduler("pool-" + name + "-source");
        } catch (Throwable e) {
            scheduler.close();
            throw e;
        }
    }

    /** Begins with what is known already. */
    protected final void begin(List<ListedServer> known) {
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
        Duration patience = calls.value(source, "patience", source::patience, PATIENCE);
        CompletableFuture<List<ListedServer>> answer = new CompletableFuture<>();
        if (blocked) {
            answer.completeExceptionally(new TimeoutException(sourceName + ": the last look has not ended yet"));
        } else {
            blocked = true;
            worker.execute(() -> ask(answer));
        }
        Subscription deadline = scheduler.schedule(
                patience,
                () -> answer.completeExceptionally(
                        new TimeoutException(sourceName + ": no answer within " + patience)));
        var unused = answer.whenComplete((listed, e) -> scheduler.execute(() -> {
            deadline.close();
            boolean good = e == null && accepted(listed);
            if (e != null) {
                failed(e);
            }
            looking = false;
            lookIn(again && good ? Duration.ZERO : every);
        }));
    }

    private void ask(CompletableFuture<List<ListedServer>> answer) {
        CompletableFuture<List<ListedServer>> asked = calls.stage(source, "a look", () -> source.look(worker));
        blocked = false;
        PendingAnswers.relay(asked, answer);
    }

    /** Shows what was listed, unless that cannot be a membership; returns whether it can. */
    private boolean accepted(List<ListedServer> listed) {
        Map<String, ListedServer> byId;
        try {
            byId = checked(listed);
        } catch (Throwable e) { // the list is code of others, too
            failed(e);
            return false;
        }
        if (!complaint.isEmpty()) {
            log.sourceBack(sourceName, age());
            complaint = "";
        }
        show(byId.values());
        return true;
    }

    private Map<String, ListedServer> checked(List<ListedServer> listed) {
        Map<String, ListedServer> byId = new LinkedHashMap<>();
        for (ListedServer one : listed) {
            if (one == null) {
                throw new IllegalArgumentException(sourceName + " lists a server that is null");
            }
            server(one, new Instance(one.instance(), one.address(), 1));
            if (byId.put(one.id(), one) != null) {
                throw new IllegalArgumentException(sourceName + " lists server '" + one.id() + "' twice");
            }
        }
        return byId;
    }

    private static Server server(ListedServer one, Instance instance) {
        return Server.ready(one.id(), instance)
                .withState(one.serves() ? Server.State.READY : Server.State.DOWN)
                .withWeight(one.weight())
                .withLabels(one.labels());
    }

    private void show(Collection<ListedServer> listed) {
        confirmed = scheduler.nanoTime();
        Map<String, Instance> newest = new HashMap<>();
        List<Server> servers = new ArrayList<>();
        for (ListedServer one : listed) {
            Instance known = instances.get(one.id());
            Instance instance = known != null
                            && known.address().equals(one.address())
                            && known.name().equals(one.instance())
                    ? known
                    : new Instance(one.instance(), one.address(), ++generations);
            newest.put(one.id(), instance);
            servers.add(server(one, instance));
        }
        instances = newest;
        showcase.show(servers, server -> true);
        if (!ready.isDone()) {
            Membership first = notifier.membership();
            notifier.afterwards(() -> ready.complete(first));
        }
    }

    private void failed(Throwable e) {
        String reason = GuardedCalls.reason(e);
        if (!reason.equals(complaint)) {
            Membership kept = notifier.membership();
            boolean written = log.sourceLost(
                    reason,
                    kept.isKnown()
                            ? "the " + kept.servers().size() + " servers of before stay"
                            : "no server is known yet");
            complaint = written || complaint.isEmpty() ? reason : complaint;
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
