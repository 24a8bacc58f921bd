package io.github.lbkit.testkit.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerHealth;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A balancer with every protection on, and the model of what its servers do. Checks the laws that hold at every moment after
 * each step.
 */
final class World implements AutoCloseable {
    static final int SLOTS = 6;
    static final int THREADS = 8;
    static final Duration LONGEST_EJECTION = Duration.ofSeconds(4);
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Duration STEP = Duration.ofMillis(100);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("model");
    private final ReplayableRandom random = new ReplayableRandom();
    private final Map<Integer, Slot> slots = new TreeMap<>();
    private final List<Open> open = new ArrayList<>();
    private final List<Attempt> ended = new ArrayList<>();
    private final Map<String, SkipReason> skipped = new LinkedHashMap<>();
    private final List<ExecutorService> threads = new ArrayList<>();
    private final Setup setup;
    private final LoadBalancer balancer;
    private boolean failOpen;
    private long generations;
    private long agreed;

    /** A server of the model. */
    private static final class Slot {
        final String id;
        boolean present;
        boolean passesProbes = true;
        Server.State state = Server.State.READY;
        int weight = 1;
        long generation;
        OperatorOverride override = OperatorOverride.NONE;

        Slot(int number) {
            id = "s" + number;
        }

        Server server() {
            Instance instance = new Instance(id + "-" + generation, Address.of("127.0.0.1", 9000), generation);
            return Server.ready(id, instance).withState(state).withWeight(weight);
        }

        boolean couldServe() {
            return present && state == Server.State.READY && weight > 0 && override == OperatorOverride.NONE;
        }
    }

    private record Open(Attempt attempt, String id, long generation) {}

    World(Setup setup) {
        this.setup = setup;
        for (int i = 0; i < SLOTS; i++) {
            slots.put(i, new Slot(i));
        }
        for (int i = 0; i < THREADS; i++) {
            threads.add(Executors.newSingleThreadExecutor());
        }
        balancer = Balancers.of(setup, pool, scheduler, random, this::probe, new LoadBalancerListener() {
            @Override
            public void skipped(Server server, SkipReason reason) {
                skipped.put(server.id(), reason);
            }

            @Override
            public void failOpenChanged(boolean isOpen, int fit, int eligible) {
                assertThat(isOpen).as("fail-open is told when it changes").isNotEqualTo(failOpen);
                failOpen = isOpen;
            }

            @Override
            public void ejected(Server server, Duration time, EjectionReason reason) {
                assertThat(time).isBetween(Duration.ofNanos(1), LONGEST_EJECTION);
            }
        });
    }

    private ProbeResult probe(Instance instance) {
        Slot slot = slots.get(
                Integer.parseInt(instance.name().substring(1, instance.name().indexOf('-'))));
        return slot != null && slot.passesProbes ? ProbeResult.PASSED : ProbeResult.failed("told to fail");
    }

    /** How many picks explain foretold. */
    long agreed() {
        return agreed;
    }

    void join(int number, boolean sameGeneration) {
        Slot slot = slot(number);
        if (slot.present) {
            return;
        }
        slot.present = true;
        slot.state = Server.State.READY;
        slot.generation = sameGeneration && slot.generation > 0 ? slot.generation : ++generations;
        publish();
        ServerStatus status = status(slot.id).orElseThrow();
        assertThat(status.health().ejected())
                .as("identity: %s begins without an ejection", slot.id)
                .isEmpty();
        assertThat(status.latencyNanos())
                .as("identity: %s begins without an average", slot.id)
                .isZero();
        boolean unhealthy = setup.probes() && !setup.initiallyHealthy() && !slot.passesProbes;
        assertThat(status.health().unhealthy().isPresent())
                .as("identity: %s begins as the checker sees it", slot.id)
                .isEqualTo(unhealthy);
    }

    void leave(int number) {
        if (slot(number).present) {
            slot(number).present = false;
            publish();
        }
    }

    void becomes(int number, Server.State state) {
        slot(number).state = state;
        publish();
    }

    void weighs(int number, int weight) {
        slot(number).weight = weight;
        publish();
    }

    void override(int number, OperatorOverride value) {
        if (slot(number).present || value == OperatorOverride.NONE) {
            slot(number).override = value;
            balancer.override(slot(number).id, value);
        }
    }

    void probes(int number, boolean pass) {
        slot(number).passesProbes = pass;
    }

    void time(Duration passes) {
        scheduler.advance(passes);
    }

    void begin(long key, int thread) {
        pick(key, thread).ifPresent(open::add);
    }

    void respond(int attempt, int thread) {
        if (!open.isEmpty()) {
            Open one = open.get(attempt % open.size());
            on(thread, () -> {
                one.attempt().responded();
                return true;
            });
        }
    }

    void end(int attempt, Step.End how, int thread) {
        if (!open.isEmpty()) {
            end(open.remove(attempt % open.size()), how, thread);
        }
    }

    void endAgain(int attempt, Step.End how, int thread) {
        if (!ended.isEmpty()) {
            Map<String, ServerHealth> before = health();
            end(ended.get(attempt % ended.size()), how, thread);
            assertThat(health()).as("a second end changes nothing").isEqualTo(before);
        }
    }

    void failing(int number, int attempts, Step.End how, int thread) {
        for (int i = 0; i < attempts; i++) {
            pick(31L * i + number, thread).ifPresent(picked -> {
                boolean fails = picked.id().equals(slot(number).id);
                end(picked, fails ? how : Step.End.ABANDONED, thread);
            });
            checkAlways();
        }
    }

    void slow(int number, int attempts, int thread) {
        for (int i = 0; i < attempts; i++) {
            pick(17L * i, thread + i).ifPresent(picked -> {
                boolean isSlow = picked.id().equals(slot(number).id);
                time(Duration.ofMillis(isSlow ? 60 : 1));
                respondAndSucceed(picked, thread);
            });
        }
    }

    private void respondAndSucceed(Open picked, int thread) {
        on(thread, () -> {
            picked.attempt().responded();
            return true;
        });
        end(picked, Step.End.WELL, thread);
    }

    private void end(Open one, Step.End how, int thread) {
        Map<String, ServerHealth> before = health();
        end(one.attempt(), how, thread);
        ended.add(one.attempt());
        if (how == Step.End.ABANDONED || how == Step.End.OVERLOADED) {
            assertThat(blame(health()))
                    .as("blame: %s says nothing about a server", how)
                    .isEqualTo(blame(before));
        }
    }

    private void end(Attempt attempt, Step.End how, int thread) {
        on(thread, () -> {
            switch (how) {
                case WELL -> attempt.succeeded();
                case ABANDONED -> attempt.abandoned();
                default -> attempt.failed(how.failure());
            }
            return true;
        });
    }

    /** A pick that explain foretells. */
    private Optional<Open> pick(long number, int thread) {
        Key key = Key.of(number * 0x9E3779B97F4A7C15L);
        return on(thread, () -> {
            long mark = random.mark();
            Explanation foretold = balancer.explain(key);
            random.backTo(mark);
            skipped.clear();
            Pick pick = balancer.call(key).next();
            Optional<String> taken = pick instanceof Attempt attempt
                    ? Optional.of(attempt.server().id())
                    : Optional.empty();
            assertThat(foretold.chosen()).as("agreement: who gets %s", key).isEqualTo(taken);
            Map<String, SkipReason> expected = new TreeMap<>(skipped);
            taken.ifPresent(expected::remove);
            Map<String, SkipReason> told = new TreeMap<>();
            for (Explanation.Candidate candidate : foretold.candidates()) {
                if (expected.containsKey(candidate.id())) {
                    candidate.skipped().ifPresent(reason -> told.put(candidate.id(), reason));
                }
            }
            assertThat(told).as("agreement: why %s passes others by", key).isEqualTo(expected);
            agreed++;
            if (pick instanceof NoServer none) {
                assertThat(none.reason()).isNotIn(NoServer.Reason.CLOSED, NoServer.Reason.MEMBERSHIP_REFUSED);
                return Optional.empty();
            }
            Attempt attempt = (Attempt) pick;
            return Optional.of(
                    new Open(attempt, attempt.server().id(), attempt.instance().generation()));
        });
    }

    private <T> T on(int thread, Supplier<T> work) {
        if (setup.loadCounters() == 1) {
            return work.get();
        }
        try {
            return CompletableFuture.supplyAsync(work, threads.get(thread % THREADS))
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Slot slot(int number) {
        return slots.get(number);
    }

    private void publish() {
        pool.publish(
                slots.values().stream().filter(s -> s.present).map(Slot::server).toArray(Server[]::new));
        scheduler.runDue();
    }

    private Optional<ServerStatus> status(String id) {
        return balancer.servers().stream()
                .filter(s -> s.server().id().equals(id))
                .findFirst();
    }

    private Map<String, ServerHealth> health() {
        Map<String, ServerHealth> all = new TreeMap<>();
        balancer.servers().forEach(s -> all.put(s.server().id(), s.health()));
        return all;
    }

    /** What is held against each server. */
    private static Map<String, List<Object>> blame(Map<String, ServerHealth> health) {
        Map<String, List<Object>> all = new TreeMap<>();
        health.forEach((id, h) -> all.put(id, List.of(h.unhealthy(), h.ejected())));
        return all;
    }

    /** The laws of every moment. */
    void checkAlways() {
        Map<String, ServerStatus> now = new TreeMap<>();
        balancer.servers().forEach(s -> now.put(s.server().id(), s));
        for (Slot slot : slots.values()) {
            if (slot.present) {
                long inFlight = open.stream()
                        .filter(o -> o.id().equals(slot.id) && o.generation() == slot.generation)
                        .count();
                assertThat(now.get(slot.id).inFlight())
                        .as("conservation: in flight to %s", slot.id)
                        .isEqualTo((int) inFlight);
                if (setup.serverCap() > 0) {
                    assertThat(inFlight).as("cap of %s", slot.id).isLessThanOrEqualTo(setup.serverCap());
                }
            }
        }
        if (setup.poolCap() > 0) {
            assertThat(open).as("cap of the pool").hasSizeLessThanOrEqualTo(setup.poolCap());
        }
        checkShares(now);
    }

    private void checkShares(Map<String, ServerStatus> now) {
        List<ServerHealth> eligible = slots.values().stream()
                .filter(Slot::couldServe)
                .map(s -> now.get(s.id).health())
                .toList();
        long ejected = eligible.stream().filter(h -> h.ejected().isPresent()).count();
        long most = eligible.isEmpty()
                ? 0
                : Math.min((long) (setup.maxShare() * eligible.size() + 1e-9), eligible.size() - 1);
        assertThat(ejected)
                .as("shares: ejected of %s that could serve", eligible.size())
                .isLessThanOrEqualTo(Math.max(0, most));
        boolean someHealthy = eligible.stream().anyMatch(h -> h.unhealthy().isEmpty());
        assertThat(!someHealthy
                        || eligible.stream()
                                .anyMatch(h ->
                                        h.unhealthy().isEmpty() && h.ejected().isEmpty()))
                .as("shares: the last one is never ejected")
                .isTrue();
        long fit = eligible.stream()
                .filter(h -> h.unhealthy().isEmpty() && h.ejectedFor().isZero())
                .count();
        boolean expected = !eligible.isEmpty() && (double) fit / eligible.size() < setup.failOpenThreshold();
        assertThat(failOpen)
                .as("shares: fail-open with %s of %s fit", fit, eligible.size())
                .isEqualTo(expected);
    }

    /** From here on all servers answer well and all probes pass: then every server that could serve does so again. */
    void checkLiveness() {
        slots.values().forEach(s -> s.passesProbes = true);
        while (!open.isEmpty()) {
            respondAndSucceed(open.remove(open.size() - 1), open.size());
        }
        for (Duration passed = Duration.ZERO;
                passed.compareTo(LONGEST_EJECTION.plus(INTERVAL)) <= 0;
                passed = passed.plus(STEP)) {
            scheduler.advance(STEP);
            for (int i = 0; i < 2 * SLOTS; i++) {
                serveOne(i + passed.toMillis());
            }
        }
        checkAlways();
        assertThat(failOpen).as("liveness: fail-open is over").isFalse();
        Map<String, Integer> taken = new TreeMap<>();
        for (int i = 0; i < 900; i++) {
            serveOne(i).ifPresent(id -> taken.merge(id, 1, Integer::sum));
        }
        for (Slot slot : slots.values()) {
            if (slot.couldServe()) {
                assertThat(status(slot.id).orElseThrow().health().skipped())
                        .as("liveness: %s would be picked", slot.id)
                        .isEmpty();
                assertThat(taken.containsKey(slot.id) || setup.policy().equals("in-order"))
                        .as("liveness: %s takes attempts again, of %s", slot.id, taken)
                        .isTrue();
            }
        }
    }

    private Optional<String> serveOne(long number) {
        Optional<Open> picked = pick(number, (int) (number & 7));
        picked.ifPresent(one -> {
            scheduler.advance(Duration.ofMillis(1));
            respondAndSucceed(one, (int) (number & 7));
        });
        return picked.map(Open::id);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            end(open.remove(0), Step.End.ABANDONED, 0);
        }
        assertThat(balancer.servers())
                .as("conservation: nothing is left in flight")
                .allMatch(s -> s.inFlight() == 0);
        balancer.close();
        threads.forEach(ExecutorService::shutdown);
        assertThat(pool.subscriptions()).isZero();
    }
}
