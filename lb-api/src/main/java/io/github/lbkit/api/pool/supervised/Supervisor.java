package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.HealthChecker;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.EventLoop;
import io.github.lbkit.api.internal.pool.InstanceNames;
import io.github.lbkit.api.internal.pool.LivenessState;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps a pool as it should be. Events only note what is the case; {@link #settle}, after each of them, compares
 * desired with observed and does what is missing. Confined to the pool's loop.
 */
final class Supervisor implements Launch.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final String WHEN_CLOSED = "the pool was closed";
    private static final Duration CLOSING_MARGIN = Duration.ofSeconds(3);

    final String pool;
    final SupervisedOptions options;
    final EventLoop loop;
    final Notifier notifier;
    final PoolLog log;
    final PoolPublisher outbox;
    final Rollouts rollouts;
    private final Launcher launcher;
    private final Backoff backoff;
    private final Terminations departures;
    private final Reconciler survey;
    private final Replacements replacements;
    private final StateKeeper memory;
    private final @Nullable HealthChecker liveness;
    private long followed;

    /** The desired servers, in order of joining. */
    private final Map<String, Slot> slots = new LinkedHashMap<>();

    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private long lastGeneration;

    private boolean closing;

    Supervisor(String pool, Scheduler scheduler, Launcher launcher, SupervisedOptions options) {
        this.pool = pool;
        this.options = options;
        this.launcher = launcher;
        HashedSpec spec = HashedSpec.of(launcher.spec());
        notifier = new Notifier(pool, scheduler);
        log = new PoolLog(pool, scheduler);
        loop = new EventLoop(scheduler, log.calls(), this::settle);
        LongSupplier random = options.random;
        backoff = new Backoff(
                options.backoffMin,
                options.backoffCap,
                () -> log.calls().value(random, "a draw", random::getAsLong, 0L));
        rollouts = new Rollouts(this, spec);
        options.servers.forEach(id -> slots.put(id, new Slot(id, slots.size() + 1, spec, false, loop.nanoTime())));
        outbox = new PoolPublisher(notifier, log, options.servers);
        departures = new Terminations(loop, launcher, notifier, log, outbox, options, backoff, this::gone);
        memory = new StateKeeper(this, launcher, spec);
        survey = new Reconciler(this, departures, launcher, memory, backoff);
        replacements = new Replacements(this, backoff);
        liveness = options.liveness
                .map(checks -> new HealthChecker(
                        checks,
                        scheduler,
                        () -> log.calls().value(random, "a draw", random::getAsLong, 0L),
                        new Lives()))
                .orElse(null);
    }

    /** Notes what the liveness probe says of what serves. */
    private final class Lives implements HealthChecker.Verdicts {
        /** Called on the loop's thread, so that a server that passes as before needs no step of the loop. */
        @Override
        public void answered(Server server, Instance instance, boolean passed, String detail) {
            if (passed
                    && vitals(server.id(), instance.generation())
                            .filter(LivenessState::isSuspect)
                            .isEmpty()) {
                return;
            }
            loop.run(() -> vitals(server.id(), instance.generation())
                    .ifPresent(vitals -> vitals.answered(passed, loop.nanoTime())));
        }

        @Override
        public void changed(Server server, Instance instance, boolean healthy, String reason) {
            loop.run(() ->
                    vitals(server.id(), instance.generation()).ifPresent(vitals -> vitals.judged(healthy, reason)));
        }
    }

    private Optional<LivenessState> vitals(String id, long generation) {
        Slot slot = slots.get(id);
        return slot != null && slot.runs(new InstanceId(id, generation)) ? Optional.of(slot.vitals) : Optional.empty();
    }

    void begin() {
        var unused = launcher.watch(new LauncherListener() {
            @Override
            public void exited(String id, long generation, String detail) {
                loop.run(() -> Supervisor.this.exited(new InstanceId(id, generation), detail));
            }

            @Override
            public void unfit(String id, long generation, String detail) {
                loop.run(() -> vitals(id, generation).ifPresent(vitals -> vitals.reported(detail, loop.nanoTime())));
            }

            @Override
            public void fit(String id, long generation) {
                loop.run(() -> vitals(id, generation).ifPresent(vitals -> vitals.reported("", loop.nanoTime())));
            }

            @Override
            public void changed() {
                loop.run(survey::hint);
            }

            @Override
            public void streamReopened(String reason, Duration silence) {
                loop.run(() -> outbox.event(new PoolEvent.StreamReopened(reason, silence)));
            }
        });
        loop.run(survey::begin);
    }

    Duration age() {
        return survey.age();
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    boolean closing() {
        return closing;
    }

    boolean launches(LaunchSpec spec) {
        return launcher.launches(spec);
    }

    Map<String, Slot> slots() {
        return slots;
    }

    Slot join(String id) {
        Set<Integer> taken = slots.values().stream().map(slot -> slot.number).collect(Collectors.toSet());
        Slot slot = new Slot(id, Slot.lowestFree(taken), rollouts.forJoining(), true, loop.nanoTime());
        slots.put(id, slot);
        return slot;
    }

    void leave(Slot slot, String why) {
        slots.remove(slot.id, slot);
        if (slot.incoming != null) {
            abandon(slot.incoming);
            slot.incoming = null;
        }
        slot.trust();
        if (slot.current != null) {
            departures.drain(slot.draining(slot.current), slot.current, true);
            slot.current = null;
        }
        outbox.answer(slot.joined, slot.change(Outcome.FAILED, why));
        refuseReplacing(slot, why);
    }

    /** Ends the trial of a server that did not become ready in time. */
    void giveUp(Slot slot, String reason) {
        if (slot.incoming != null) {
            slot.incoming.fail(reason);
        } else {
            leave(slot, reason);
        }
    }

    CompletableFuture<ServerChange> replace(Slot slot) {
        return slot.replacement(loop.nanoTime());
    }

    /** The pool's calls to code of others. */
    GuardedCalls calls() {
        return log.calls();
    }

    /**
     * Takes over the desired servers of an earlier owner, if there is room for them; before anything is adopted or launched.
     * What was added or removed since this owner began stays so.
     */
    void desire(List<String> before) {
        Set<String> ids = new LinkedHashSet<>(before);
        options.servers.stream().filter(id -> !slots.containsKey(id)).forEach(ids::remove);
        slots.values().stream().filter(slot -> slot.onTrial).forEach(slot -> ids.add(slot.id));
        if (ids.equals(slots.keySet())) {
            return;
        }
        List<Member> members = new ArrayList<>();
        ids.forEach(id -> members.add(new Member(id, 1, Slot.labels(members.size() + 1))));
        String otherwise = "the servers of before, " + before + ", are not taken over";
        if (ids.size() > options.maxServers) {
            LOG.warn("pool {}: {}: they are more than {}", pool, otherwise, options.maxServers);
            return;
        }
        if (!admits(members, otherwise)) {
            return;
        }
        LOG.info("pool {}: the desired servers are those of before, {}", pool, ids);
        List.copyOf(slots.values()).stream()
                .filter(slot -> !ids.contains(slot.id))
                .forEach(slot -> leave(slot, "an earlier owner had removed it"));
        for (String id : ids) {
            Set<Integer> taken =
                    slots.values().stream().map(slot -> slot.number).collect(Collectors.toSet());
            slots.computeIfAbsent(
                    id, key -> new Slot(key, Slot.lowestFree(taken), rollouts.settled(), false, loop.nanoTime()));
        }
    }

    /** Takes over what an earlier owner had rolled out. */
    void restore(HashedSpec spec, Optional<HashedSpec> previous, boolean rolledOut) {
        rollouts.restore(spec, previous, rolledOut);
        slots.values().forEach(slot -> slot.spec = spec);
    }

    /** Nothing is launched or stopped: what exists is made of another spec, and the options refuse that. */
    void refuse() {
        outbox.refuse(new IllegalStateException("pool " + pool
                + " has servers that were made of another spec than it is configured with now; configure the spec of"
                + " before, let the pool roll out or keep them, or use another pool name"));
    }

    void close(SupervisedOptions.OnClose what) {
        if (closing) {
            return;
        }
        closing = true;
        survey.stop();
        boolean stop = what == SupervisedOptions.OnClose.STOP;
        if (stop && survey.done()) {
            memory.forget();
        }
        for (Slot slot : List.copyOf(slots.values())) {
            if (stop || slot.current == null) {
                leave(slot, WHEN_CLOSED);
                continue;
            }
            if (slot.incoming != null) {
                abandon(slot.incoming);
                slot.incoming = null;
            }
            refuseReplacing(slot, WHEN_CLOSED);
        }
        departures.hurry();
        loop.later(options.stopGrace.plus(CLOSING_MARGIN), () -> {
            LOG.warn(
                    "closed without the word that these are gone: {}",
                    departures.all().stream().map(Termination::key).toList());
            end();
        });
    }

    @Override
    public void ready(Launch launch, Instance instance) {
        Slot slot = launching(launch);
        if (slot == null) {
            vitals(launch.key().serverId(), launch.key().generation())
                    .ifPresent(vitals -> vitals.reported("", loop.nanoTime()));
            return;
        }
        Instance old = slot.current;
        slot.serve(instance, launch.specHash(), loop.nanoTime());
        outbox.event(
                launch.adopted()
                        ? new PoolEvent.Adopted(new InstanceId(slot.id, instance.generation()))
                        : new PoolEvent.Ready(new InstanceId(slot.id, instance.generation()), launch.age()));
        if (old != null) {
            departures.drain(slot.draining(old), old, false);
        }
        outbox.answer(slot.joined, slot.change(Outcome.ADDED, ""));
        answerReplacing(slot, Outcome.REPLACED, "");
    }

    /** Whether it answered its last owner nobody knows: it serves, and is replaced as others that are unfit. */
    @Override
    public void doubtful(Launch launch, Instance instance, String reason) {
        Slot slot = launching(launch);
        if (slot == null) {
            return;
        }
        slot.doubt(launch, instance, loop.nanoTime());
        slot.vitals.reported(reason, loop.nanoTime());
        outbox.event(new PoolEvent.Adopted(new InstanceId(slot.id, instance.generation())));
        outbox.answer(slot.joined, slot.change(Outcome.ADDED, ""));
    }

    @Override
    public void failed(Launch launch, String reason) {
        Slot slot = launching(launch);
        abandon(launch);
        if (slot == null) {
            return;
        }
        slot.incoming = null;
        outbox.event(new PoolEvent.LaunchFailed(launch.key(), reason));
        if (slot.onTrial && !slot.served) {
            leave(slot, reason);
            return;
        }
        slot.failed(launch.specHash(), reason);
        if (slot.current == null || slot.turn != null) {
            backOff(slot, launch.key().generation());
        }
        outbox.answer(slot.joined, slot.change(Outcome.FAILED, reason));
        answerReplacing(slot, Outcome.FAILED, reason);
    }

    @Override
    public void late(Launch launch) {
        abandon(launch);
    }

    private void exited(InstanceId key, String detail) {
        Slot slot = slots.get(key.serverId());
        if (slot != null && slot.runs(key)) {
            lost(slot, detail);
        } else if (slot != null && slot.incoming != null && slot.launches(key)) {
            slot.incoming.fail("ended before it was ready: " + detail);
        } else {
            departures.exited(key);
        }
    }

    /** What served in this slot is gone or unfit. */
    void lost(Slot slot, String reason) {
        Instance was = slot.current;
        if (was == null) {
            return;
        }
        slot.failed(slot.currentSpec(), reason);
        slot.lose(loop.nanoTime(), options.stableAfter);
        outbox.event(new PoolEvent.Lost(new InstanceId(slot.id, was.generation()), reason));
        departures.end(new InstanceId(slot.id, was.generation()));
        backOff(slot, was.generation());
    }

    void adopt(Launched launched, Duration patience) {
        Slot slot = slots.get(launched.id());
        if (slot != null) {
            LaunchRequest request =
                    new LaunchRequest(launched.id(), launched.generation(), launched.name(), false, launched.labels());
            HashedSpec spec = HashedSpec.found(launched.specHash());
            slot.incoming = new Launch(loop, options.probe, this, request, spec, true);
            slot.incoming.adopt(launched, patience);
        }
    }

    /**
     * Gives servers back the numbers that they had under an earlier owner; the others get the lowest that are free. If the
     * admission does not want them so, they stay as they are.
     */
    void renumber(Map<String, Integer> had) {
        Map<String, Integer> numbers = new HashMap<>();
        had.forEach((id, number) -> {
            if (slots.containsKey(id) && !numbers.containsValue(number)) {
                numbers.put(id, number);
            }
        });
        for (String id : slots.keySet()) {
            if (!numbers.containsKey(id)) {
                numbers.put(id, Slot.lowestFree(new HashSet<>(numbers.values())));
            }
        }
        List<Member> members = new ArrayList<>();
        numbers.forEach((id, number) -> members.add(new Member(id, 1, Slot.labels(number))));
        if (!admits(members, "its servers cannot keep the numbers " + numbers)) {
            return;
        }
        slots.values().forEach(slot -> slot.number = numbers.getOrDefault(slot.id, slot.number));
    }

    /**
     * Asks the admission, which is code of others and may throw anything, whether it wants these members.
     *
     * @param otherwise what follows if it does not, for the log
     */
    private boolean admits(List<Member> members, String otherwise) {
        List<Member> byId = members.stream().sorted(Member.BY_ID).toList();
        try {
            options.admission.accept(byId);
            return true;
        } catch (IllegalArgumentException e) {
            LOG.warn("pool {}: {}", pool, otherwise, ThrownText.printable(e));
        } catch (Throwable e) {
            calls().threw(options.admission, "an admission", e);
        }
        return false;
    }

    /** No generation that is launched from now on is this one or less. */
    void sawGeneration(long generation) {
        lastGeneration = Math.max(lastGeneration, generation);
    }

    private void gone(InstanceId key) {
        survey.gone(key);
    }

    /** Ends what a launch has begun, whatever came of it. */
    private void abandon(Launch launch) {
        launch.giveUp();
        departures.end(launch.key());
    }

    private void backOff(Slot slot, long generation) {
        Duration delay = slot.backOff(loop.nanoTime(), backoff);
        if (!delay.isZero()) {
            outbox.event(new PoolEvent.BackingOff(new InstanceId(slot.id, generation), delay));
            loop.later(delay, () -> {});
        }
    }

    private @Nullable Slot launching(Launch launch) {
        Slot slot = slots.get(launch.key().serverId());
        return slot != null && slot.incoming == launch ? slot : null;
    }

    /** Whether this instance serves, is to serve, or is on its way out. */
    boolean expects(InstanceId key) {
        Slot slot = slots.get(key.serverId());
        return departures.contains(key) || (slot != null && (slot.runs(key) || slot.launches(key)));
    }

    private void answerReplacing(Slot slot, Outcome outcome, String detail) {
        slot.takeReplacing().forEach(asked -> outbox.answer(asked, slot.change(outcome, detail)));
    }

    private void refuseReplacing(Slot slot, String why) {
        answerReplacing(slot, Outcome.FAILED, why);
        answerReplacing(slot, Outcome.FAILED, why);
    }

    private void settle() {
        if (survey.done() && !closing) {
            rollouts.settle();
            replacements.settle();
            memory.settle();
            LaunchOrder.due(slots.values(), loop.nanoTime(), options.launchConcurrency)
                    .forEach(this::launch);
        }
        outbox.send(slots.values(), departures.all(), survey.tried(), closing);
        Membership newest = notifier.membership();
        if (liveness != null && newest.version() != followed) {
            followed = newest.version();
            liveness.follow(newest);
        }
        if (closing && departures.all().isEmpty()) {
            end();
        }
    }

    private void launch(Slot slot) {
        lastGeneration = Math.max(lastGeneration + 1, loop.epochMillis());
        String prefix = slot.served ? options.replacementPrefix : "";
        LaunchRequest request = new LaunchRequest(
                slot.id, lastGeneration, InstanceNames.of(prefix, slot.id, lastGeneration), slot.served, slot.labels());
        outbox.event(new PoolEvent.Launching(new InstanceId(slot.id, lastGeneration), slot.served));
        slot.incoming = new Launch(loop, options.probe, this, request, slot.spec, false);
        slot.incoming.begin(launcher, options.readinessTimeout);
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
