package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * A pool that polls a source, and polls at once after a hint that something has changed. A failed poll changes only
 * the pool's age. A server that the source lists at another address, or as another instance, has a new instance. A
 * server that the source no longer lists drains. Thread-safe.
 *
 * <p>For authors of pools whose servers others run. A subclass is a {@link Source} and a factory that calls {@link
 * #begin()} last:
 *
 * <pre>{@code
 * public static RegistryPool open(PoolContext context, RegistrySource source) {
 *     RegistryPool pool = new RegistryPool(context, source);
 *     pool.begin();
 *     return pool;
 * }
 * }</pre>
 */
public abstract class PolledPool implements ServerPool {
    /** The timeout of a source whose {@code timeout} method fails. */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final Source source;
    private final Duration interval;
    private final Scheduler scheduler;
    private final Scheduler worker;
    private final Notifier notifier;
    private final PoolLog log;
    private final GuardedCalls calls;
    private final String sourceName;
    private final DrainingMembership draining;
    private final PollLoop<List<ListedServer>> loop;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** By server id; confined to the scheduler, like all fields below that are not volatile. */
    private Map<String, Instance> instances = new HashMap<>();

    private long generations;
    private String complaint = "";

    /**
     * True while a poll's call has not returned; written by the scheduler before the call and by the worker after it.
     */
    private volatile boolean blocked;

    /** The time of the last successful poll; written by the scheduler, read by every thread. */
    private volatile long confirmed;

    /** The source that a pool polls. Confined to the pool's worker, except for its name and timeout. */
    public interface Source {
        /** The name of the source, for people. */
        String name();

        /** The maximum time to wait for an answer. A later answer is ignored. */
        Duration timeout();

        /**
         * Reads the source. Called on this worker; may block it, and may continue on it later. The next call is made
         * when the stage has completed, or when its time is over and this method has returned. The list may name each
         * id once. The membership stays as it is if the stage completes exceptionally, the call throws, or the list
         * names a server twice; the log then tells the reason.
         */
        CompletionStage<List<ListedServer>> poll(Scheduler worker);
    }

    /**
     * Creates a pool that has not begun.
     *
     * @param interval the pause between the end of one poll and the next
     * @param drain the time that attempts in flight have to finish on a server that is no longer listed
     */
    protected PolledPool(PoolContext context, Source source, Duration interval, Duration drain) {
        this.name = context.name();
        this.source = source;
        this.interval = interval;
        scheduler = context.runtimes().scheduler("pool-" + name);
        worker = worker(context);
        notifier = new Notifier(name, scheduler);
        log = new PoolLog(name, scheduler);
        calls = log.calls();
        sourceName = calls.value(source, "name", source::name, source.getClass().getName());
        draining = new DrainingMembership(notifier, scheduler, drain);
        loop = new PollLoop<>(scheduler, this::pause, new SourcePolls());
        confirmed = scheduler.nanoTime();
    }

    /** A hint during a failed poll causes no poll at once: a source that fails and hints would be polled endlessly. */
    private Duration pause(int failures, boolean hinted) {
        return hinted && failures == 0 ? Duration.ZERO : interval;
    }

    private Scheduler worker(PoolContext context) {
        try {
            return context.runtimes().scheduler("pool-" + name + "-source");
        } catch (Throwable e) {
            scheduler.close();
            throw e;
        }
    }

    /** Begins with these servers; the first poll follows after the polling interval. The last call of a factory. */
    protected final void begin(List<ListedServer> known) {
        show(known);
        scheduler.execute(() -> loop.within(interval));
    }

    /** Begins with a poll. The last call of a factory. */
    protected final void begin() {
        loop.hint();
    }

    /** Polls now because something may have changed, or once more after the poll under way. */
    protected final void hint() {
        loop.hint();
    }

    /** The polls of the source, which is called on the worker. */
    private final class SourcePolls implements PollLoop.Source<List<ListedServer>> {
        @Override
        public CompletionStage<List<ListedServer>> poll() {
            CompletableFuture<List<ListedServer>> answer = new CompletableFuture<>();
            if (blocked) {
                answer.completeExceptionally(new TimeoutException("the last poll has not returned yet"));
            } else {
                blocked = true;
                worker.execute(() -> ask(answer));
            }
            return answer;
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.of(calls.value(source, "timeout", source::timeout, DEFAULT_TIMEOUT));
        }

        /** Shows the listed servers; throws if they are not a valid membership. */
        @Override
        public void polled(List<ListedServer> listed, long number) {
            Map<String, ListedServer> byId = checked(listed);
            if (!complaint.isEmpty()) {
                log.sourceBack(sourceName, age());
                complaint = "";
            }
            show(byId.values());
        }

        @Override
        public void failed(Throwable failure, int failures) {
            String reason = GuardedCalls.reason(failure);
            complain(failure instanceof TimeoutException ? sourceName + ": " + reason : reason);
        }
    }

    private void ask(CompletableFuture<List<ListedServer>> answer) {
        CompletableFuture<List<ListedServer>> asked = calls.stage(source, "a poll", () -> source.poll(worker));
        blocked = false;
        PendingAnswers.relay(asked, answer);
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
        draining.show(servers, server -> true);
        if (!ready.isDone()) {
            Membership first = notifier.membership();
            notifier.afterwards(() -> ready.complete(first));
        }
    }

    private void complain(String reason) {
        if (!reason.equals(complaint)) {
            Membership kept = notifier.membership();
            boolean written = log.sourceLost(
                    reason,
                    kept.isKnown()
                            ? "the " + kept.servers().size() + " servers known before are kept"
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

    /** Returns the time since the last successful poll. */
    @Override
    public final Duration age() {
        return Duration.ofNanos(Math.max(0, scheduler.nanoTime() - confirmed));
    }

    @Override
    public final void close() {
        loop.close();
        notifier.close();
        scheduler.close();
        worker.close();
        ready.completeExceptionally(ChangeRules.closed(name));
    }
}
