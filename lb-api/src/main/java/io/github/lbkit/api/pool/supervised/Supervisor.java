package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.HealthChecker;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.LivenessState;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.internal.pool.PoolLoop;
import io.github.lbkit.api.pool.spi.Notifier;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring of a supervised pool and its reconciliation step. Events only change what is recorded as observed; after
 * each event, {@link #settle} compares desired with observed and starts what is missing. Confined to the pool's loop.
 */
final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final String WHEN_CLOSED = "the pool was closed";
    private static final Duration CLOSING_MARGIN = Duration.ofSeconds(3);

    final PoolLoop loop;
    final Notifier notifier;
    final PoolPublisher publisher;
    final Rollouts rollouts;
    final Changes changes;
    private final String pool;
    private final SupervisedOptions options;
    private final Launcher launcher;
    private final Slots slots = new Slots();
    private final Terminations terminations;
    private final InstanceLifecycle lifecycle;
    private final Reconciler reconciler;
    private final Replacements replacements;
    private final StateKeeper stateKeeper;
    private final @Nullable HealthChecker liveness;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** The membership version that the liveness probes follow. */
    private long followed;

    private boolean closing;

    Supervisor(String pool, Scheduler scheduler, Launcher launcher, SupervisedOptions options) {
        this.pool = pool;
        this.options = options;
        this.launcher = launcher;
        HashedSpec spec = HashedSpec.of(launcher.spec());
        notifier = new Notifier(pool, scheduler);
        PoolLog log = new PoolLog(pool, scheduler);
        loop = new PoolLoop(scheduler, log.calls(), this::settle);
        LongSupplier random = () -> log.calls().value(options.random, "a draw", options.random::getAsLong, 0L);
        Backoff backoff = new Backoff(options.backoffMin, options.backoffCap, random);
        publisher = new PoolPublisher(notifier, log, options.servers);
        PoolCore core = new PoolCore(pool, loop, log, launcher, options, slots, publisher);
        rollouts = new Rollouts(pool, loop, slots, publisher, spec);
        options.servers.forEach(id -> slots.add(id, spec, false, loop.nanoTime()));
        terminations = new Terminations(core, notifier, backoff, this::gone);
        lifecycle = new InstanceLifecycle(core, terminations, backoff);
        String configuredHash =
                log.calls().value(launcher, "the hash of its configuration", launcher::configuredHash, spec.hash());
        stateKeeper = new StateKeeper(loop, log, launcher, options.servers, configuredHash, slots, rollouts);
        Takeover takeover = new Takeover(core, rollouts, lifecycle, new Takeover.Configured(spec, configuredHash));
        reconciler = new Reconciler(core, rollouts, lifecycle, takeover, backoff, this::refuse);
        replacements = new Replacements(loop, options, slots, publisher, backoff);
        changes = new Changes(core, rollouts, lifecycle);
        liveness = options.liveness
                .map(checks -> new HealthChecker(checks, scheduler, random, new LivenessVerdicts()))
                .orElse(null);
    }

    /** Records what the liveness probe says of serving instances. */
    private final class LivenessVerdicts implements HealthChecker.Verdicts {
        /** Called on the loop's thread, so that an instance that still passes needs no step of the loop. */
        @Override
        public void answered(Server server, Instance instance, boolean passed, String detail) {
            if (passed
                    && lifecycle
                            .liveness(server.id(), instance.generation())
                            .filter(LivenessState::isSuspect)
                            .isEmpty()) {
                return;
            }
            loop.execute(() -> lifecycle
                    .liveness(server.id(), instance.generation())
                    .ifPresent(state -> state.answered(passed, loop.nanoTime())));
        }

        @Override
        public void changed(Server server, Instance instance, boolean healthy, String reason) {
            loop.execute(() -> lifecycle
                    .liveness(server.id(), instance.generation())
                    .ifPresent(state -> state.judged(healthy, reason)));
        }
    }

    /** Turns what the launcher reports into steps of the loop. */
    private final class LauncherReports implements LauncherListener {
        @Override
        public void exited(String id, long generation, String detail) {
            loop.execute(() -> lifecycle.exited(new InstanceId(id, generation), detail));
        }

        @Override
        public void unfit(String id, long generation, String detail) {
            loop.execute(() ->
                    lifecycle.liveness(id, generation).ifPresent(state -> state.reported(detail, loop.nanoTime())));
        }

        @Override
        public void fit(String id, long generation) {
            loop.execute(
                    () -> lifecycle.liveness(id, generation).ifPresent(state -> state.reported("", loop.nanoTime())));
        }

        @Override
        public void changed() {
            loop.execute(reconciler::hint);
        }

        @Override
        public void streamReopened(String reason, Duration silence) {
            loop.execute(() -> publisher.event(new PoolEvent.StreamReopened(reason, silence)));
        }
    }

    void begin() {
        var unused = launcher.watch(new LauncherReports());
        loop.execute(reconciler::begin);
    }

    Duration age() {
        return reconciler.age();
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    private void gone(InstanceId key) {
        reconciler.gone(key);
    }

    /** Fails {@code ready}: instances of another spec exist, and the options refuse to change or to keep them. */
    private void refuse() {
        publisher.refuse(new IllegalStateException("pool " + pool
                + " has servers that were launched from another spec than it is configured with now; configure the"
                + " earlier spec, let the pool roll out or keep them, or use another pool name"));
    }

    /** Begins to close the pool; a second call has no effect. */
    void close(SupervisedOptions.OnClose what) {
        if (closing) {
            return;
        }
        closing = true;
        changes.close();
        reconciler.stop();
        boolean stop = what == SupervisedOptions.OnClose.STOP;
        if (stop && reconciler.hasObserved()) {
            stateKeeper.forget();
        }
        for (Slot slot : slots.all()) {
            if (stop || slot.current == null) {
                lifecycle.remove(slot, WHEN_CLOSED);
            } else {
                lifecycle.keepRunning(slot, WHEN_CLOSED);
            }
        }
        terminations.endDrains();
        loop.schedule(options.stopGrace.plus(CLOSING_MARGIN), () -> {
            LOG.warn("pool {}: closed while these instances were not reported gone: {}", pool, terminations.keys());
            end();
        });
    }

    private void settle() {
        if (reconciler.hasObserved() && !closing) {
            rollouts.settle();
            replacements.settle();
            stateKeeper.settle();
            slots.dueForLaunch(loop.nanoTime(), options.launchConcurrency).forEach(lifecycle::launch);
        }
        publisher.send(slots.all(), terminations.shown(), reconciler.hasAnswered(), closing);
        Membership newest = notifier.membership();
        if (liveness != null && newest.version() != followed) {
            followed = newest.version();
            liveness.follow(newest);
        }
        if (closing && terminations.keys().isEmpty()) {
            end();
        }
    }

    private void end() {
        if (!loop.ended()) {
            loop.end();
            notifier.afterwards(() -> {
                notifier.close();
                loop.tell(launcher, "a close", launcher::close);
                closed.complete(null);
                loop.close();
            });
        }
    }
}
