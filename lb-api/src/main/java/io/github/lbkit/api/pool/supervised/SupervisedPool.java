package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.pool.spi.PendingAnswers;
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
 * A pool that owns its servers: it launches them through a {@link Launcher}, notices that one died, replaces it under
 * the same id, and drains before it stops. Thread-safe; stages complete on the pool's scheduler, so what is attached
 * to them must not block.
 *
 * <ul>
 *   <li>A server that died stays in the membership as DOWN, so no key moves; its replacement is launched at once, and
 *       after repeated failures only after a growing pause, which is the server's own and delays no other.
 *   <li>What an earlier owner of the pool left, however it ended, is found by {@link Launcher#list}: it goes on serving
 *       or is stopped. Nothing is launched before the launcher has answered that question once.
 *   <li>A replacement on request is launched beside the old instance, which serves until the new one is ready.
 *   <li>{@link #rollOut} brings all servers to another command or image in the same way, some at a time.
 *   <li>Each server has the label {@value #NUMBER_LABEL}: the lowest free number from 1 when it joined; its
 *       replacements keep it.
 * </ul>
 *
 * <p>The launcher belongs to the pool, which closes it. {@link #close} waits; a caller on the pool's own thread, or with
 * a scheduler that stands still, uses {@link #closing}.
 */
public final class SupervisedPool implements RollingPool {
    /** The label that carries a server's number. */
    public static final String NUMBER_LABEL = "lbkit.number";

    private static final Logger LOG = LoggerFactory.getLogger(SupervisedPool.class);
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(6);

    private final String name;
    private final SupervisedOptions options;
    private final Launcher launcher;
    private final Supervisor supervisor;
    private final Changes changes;
    private final CompletableFuture<Membership> ready;

    private final PendingAnswers answers;

    private SupervisedPool(PoolContext context, Scheduler scheduler, Launcher launcher, SupervisedOptions options) {
        this.name = context.name();
        this.options = options;
        this.launcher = launcher;
        answers = new PendingAnswers(() -> ChangeRules.closed(name));
        supervisor = new Supervisor(name, scheduler, launcher, options);
        changes = new Changes(name, supervisor);
        ready = supervisor.outbox.ready();
    }

    /**
     * Opens the pool; its servers are being launched when this returns.
     *
     * @throws IllegalArgumentException if the admission refuses the initial servers. Whatever the launcher throws while it
     *     is asked for its spec or watched, is thrown on; then the launcher is still the caller's to close
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

    /** Zero while the launcher answers; else how long ago it last said what exists. */
    @Override
    public Duration age() {
        return supervisor.age();
    }

    /** Those of {@link SupervisedOptions.Builder#readiness}. */
    @Override
    public Optional<HealthChecks> healthChecks() {
        return options.readiness;
    }

    @Override
    public List<String> desired() {
        return supervisor.outbox.desired();
    }

    @Override
    public int maxServers() {
        return options.maxServers;
    }

    @Override
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> changes.add(count, names));
    }

    @Override
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> changes.remove(count, names));
    }

    @Override
    public CompletionStage<PoolChange> replace(String id) {
        return ask(() -> changes.replace(id));
    }

    @Override
    public CompletionStage<PoolChange> resize(int desired) {
        return ask(() -> changes.resize(desired));
    }

    @Override
    public CompletionStage<PoolChange> replaceAll() {
        return ask(changes::replaceAll);
    }

    @Override
    public CompletionStage<PoolChange> rollOut(LaunchSpec spec) {
        return rollOut(spec, options.rollout);
    }

    @Override
    public CompletionStage<PoolChange> rollOut(LaunchSpec spec, RolloutOptions how) {
        return ask(() -> changes.rollOut(spec, how));
    }

    @Override
    public CompletionStage<PoolChange> revert() {
        return ask(changes::revert);
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
        return supervisor.outbox.specs();
    }

    @Override
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> changes.preview(adding, count, names));
    }

    /**
     * Begins to close the pool: no more changes, and every instance is stopped without a drain, or runs on if {@link
     * SupervisedOptions.OnClose#KEEP} says so. Completes when they are gone, at the latest a few seconds after {@code
     * stopGrace}.
     */
    public CompletionStage<Void> closing() {
        return closing(options.onClose);
    }

    /** Begins to close the pool as {@link #closing()} does, with another end for the instances than the options say. */
    public CompletionStage<Void> closing(SupervisedOptions.OnClose what) {
        supervisor.loop.run(() -> supervisor.close(what));
        return supervisor.closed().copy();
    }

    /** {@link #closing}, waited for. */
    @Override
    public void close() {
        long patience = options.stopGrace.plus(CLOSE_MARGIN).toNanos();
        try {
            closing().toCompletableFuture().get(patience, TimeUnit.NANOSECONDS);
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

    /** Returns a stage that completes when the pool is closed and its instances are gone, or given up after a timeout. */
    public CompletionStage<Void> closed() {
        return supervisor.closed().copy();
    }

    private void refuseWhatIsLeft() {
        ready.completeExceptionally(ChangeRules.closed(name));
        answers.close();
    }

    private <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> change) {
        CompletableFuture<T> answer = answers.awaited();
        supervisor.loop.run(() -> {
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
