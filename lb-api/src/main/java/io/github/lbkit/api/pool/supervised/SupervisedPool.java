package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that owns its servers: it launches them through a {@link Launcher}, detects that an instance died, replaces
 * it under the same id, and drains an instance before it stops it. Thread-safe. Stages complete on the pool's
 * scheduler, so that actions attached to them must not block.
 *
 * <pre>{@code
 * ProcessOptions command = ProcessOptions.command(List.of("./orders", "--port", "{port}")).build();
 * SupervisedOptions options = SupervisedOptions.builder().servers(3).build();
 * try (SupervisedPool pool = SupervisedPool.open(context, ProcessLauncher.open(context, command), options)) {
 *     pool.add(1, List.of("S4")).toCompletableFuture().join();
 * }
 * }</pre>
 *
 * <ul>
 *     <li>A server whose instance died stays in the membership as DOWN, so that no key moves. Its replacement is
 *       launched at once. After repeated failures the launch waits for a growing delay, which does not delay other
 *       servers.
 *     <li>Instances of an earlier owner of the pool are found by {@link Launcher#list}, however that owner ended. They
 *       are adopted or stopped. Nothing is launched before the launcher has listed its instances once.
 *     <li>A replacement on request is launched beside the old instance, which serves until the new one is ready.
 *     <li>{@link #rollOut} moves all servers to another command or image in the same way, a few at a time.
 *     <li>Each server has the label {@value #NUMBER_LABEL}: the lowest number from 1 that was free when the server
 *       joined. Its replacements keep the number.
 * </ul>
 *
 * <p>The launcher belongs to the pool, which closes it. {@link #close} blocks; code on the pool's own thread, or with
 * a scheduler whose time does not advance, must call {@link #closing} instead.
 */
public final class SupervisedPool implements RollingPool {
    /** The label that holds a server's number. */
    public static final String NUMBER_LABEL = Slot.NUMBER_LABEL;

    private static final Logger LOG = LoggerFactory.getLogger(SupervisedPool.class);
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(6);

    private final String name;
    private final SupervisedOptions options;
    private final Launcher launcher;
    private final Supervisor supervisor;
    private final CompletableFuture<Membership> ready;

    private final PendingAnswers answers;

    private SupervisedPool(PoolContext context, Scheduler scheduler, Launcher launcher, SupervisedOptions options) {
        this.name = context.name();
        this.options = options;
        this.launcher = launcher;
        answers = new PendingAnswers(() -> ChangeRules.closed(name));
        supervisor = new Supervisor(name, scheduler, launcher, options);
        ready = supervisor.publisher.ready();
    }

    /**
     * Opens the pool. The launches of its servers have begun when this method returns.
     *
     * @throws IllegalArgumentException if the admission refuses the initial servers
     * @throws RuntimeException whatever the launcher throws when it is asked for its spec or watched; the caller must
     *     close the launcher then
     */
    public static SupervisedPool open(PoolContext context, Launcher launcher, SupervisedOptions given) {
        SupervisedOptions options = given.alsoAsking(context.admission());
        List<Member> initial = new ArrayList<>();
        for (String id : options.servers) {
            initial.add(new Member(id, 1, Slot.labels(initial.size() + 1)));
        }
        initial.sort(Member.BY_ID);
        options.admission.accept(List.copyOf(initial));
        Scheduler scheduler = context.runtimes().scheduler("pool-" + context.name());
        try {
            SupervisedPool pool = new SupervisedPool(context, scheduler, launcher, options);
            pool.supervisor.begin();
            var unused = pool.closed().thenRun(pool::refuseWhatIsLeft);
            return pool;
        } catch (Throwable e) {
            scheduler.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Membership membership() {
        return supervisor.notifier.membership();
    }

    @Override
    public CompletionStage<Membership> ready() {
        return ready.copy();
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        return supervisor.notifier.subscribe(listener);
    }

    /** Returns zero while the launcher answers, otherwise the time since it last listed its instances. */
    @Override
    public Duration age() {
        return supervisor.age();
    }

    /** Returns {@link SupervisedOptions.Builder#readiness}. */
    @Override
    public Optional<HealthChecks> healthChecks() {
        return options.readiness;
    }

    @Override
    public List<String> desired() {
        return supervisor.publisher.desired();
    }

    @Override
    public int maxServers() {
        return options.maxServers;
    }

    @Override
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> supervisor.changes.add(count, names));
    }

    @Override
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> supervisor.changes.remove(count, names));
    }

    @Override
    public CompletionStage<PoolChange> replace(String id) {
        return ask(() -> supervisor.changes.replace(id));
    }

    @Override
    public CompletionStage<PoolChange> resize(int desired) {
        return ask(() -> supervisor.changes.resize(desired));
    }

    @Override
    public CompletionStage<PoolChange> replaceAll() {
        return ask(supervisor.changes::replaceAll);
    }

    @Override
    public CompletionStage<PoolChange> rollOut(LaunchSpec spec) {
        return rollOut(spec, options.rollout);
    }

    @Override
    public CompletionStage<PoolChange> rollOut(LaunchSpec spec, RolloutOptions how) {
        return ask(() -> supervisor.changes.rollOut(spec, how));
    }

    @Override
    public CompletionStage<PoolChange> revert() {
        return ask(supervisor.changes::revert);
    }

    @Override
    public Optional<LaunchSpec> revertsTo() {
        return supervisor.rollouts.forReverting().map(HashedSpec::real);
    }

    @Override
    public LaunchSpec spec() {
        return supervisor.rollouts.settled().real();
    }

    @Override
    public Map<String, String> specs() {
        return supervisor.publisher.specs();
    }

    @Override
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> supervisor.changes.preview(adding, count, names));
    }

    /**
     * Begins to close the pool. Later changes are refused, and every instance is stopped without a drain, or continues
     * to run with {@link SupervisedOptions.OnClose#KEEP}. The stage completes when the instances are gone, at the
     * latest a few seconds after {@code stopGrace}.
     */
    public CompletionStage<Void> closing() {
        return closing(options.onClose);
    }

    /**
     * Begins to close the pool as {@link #closing()} does, with another treatment of the instances than the options
     * define.
     */
    public CompletionStage<Void> closing(SupervisedOptions.OnClose what) {
        supervisor.loop.execute(() -> supervisor.close(what));
        return supervisor.closed().copy();
    }

    /** Closes the pool as {@link #closing()} does, and waits for the end. */
    @Override
    public void close() {
        long timeout = options.stopGrace.plus(CLOSE_MARGIN).toNanos();
        try {
            closing().toCompletableFuture().get(timeout, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn(
                    "pool {} was closed before all of its instances were known to be gone",
                    name,
                    ThrownText.printable(e));
        }
        supervisor.loop.tell(launcher, "a close", launcher::close);
        supervisor.loop.close();
        supervisor.closed().complete(null);
    }

    /**
     * Returns a stage that completes when the pool is closed and its instances are gone, or given up after a timeout.
     */
    public CompletionStage<Void> closed() {
        return supervisor.closed().copy();
    }

    private void refuseWhatIsLeft() {
        ready.completeExceptionally(ChangeRules.closed(name));
        answers.close();
    }

    private <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> change) {
        CompletableFuture<T> answer = answers.awaited();
        supervisor.loop.execute(() -> {
            try {
                PendingAnswers.relay(change.get(), answer);
            } catch (Throwable e) { // an admission, a spec or a source of random numbers may throw anything
                answer.completeExceptionally(ThrownText.printable(e));
            }
        });
        if (supervisor.loop.ended()) {
            answer.completeExceptionally(ChangeRules.closed(name));
        }
        return answer;
    }
}
