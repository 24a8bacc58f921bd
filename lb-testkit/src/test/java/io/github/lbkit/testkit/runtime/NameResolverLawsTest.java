package io.github.lbkit.testkit.runtime;

import static io.github.lbkit.testkit.fixture.ResolverFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.runtime.NameResolver.Caching;
import io.github.lbkit.testkit.fixture.ResolverFixture;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Laws of the caching resolver, whatever look-ups do and in whatever order. */
class NameResolverLawsTest {
    private static final int NAMES = 6;
    private static final int STEPS = 300;

    /** A resolver whose names fail, hang, change and return at random. */
    private static final class Machine {
        final Random random;
        final int threads;
        final ResolverFixture stage;
        final List<Call> calls = new ArrayList<>();
        final List<Runnable> hanging = new ArrayList<>();

        /** The answer of the last look-up of each name that succeeded. */
        final Map<String, List<InetAddress>> lastGood = new HashMap<>();

        record Call(
                String name,
                boolean strict,
                boolean known,
                long atNanos,
                CompletableFuture<List<InetAddress>> future) {}

        Machine(long seed) {
            random = new Random(seed);
            threads = 1 + random.nextInt(4);
            stage = new ResolverFixture(Caching.DEFAULTS.withThreads(threads));
        }

        void step() {
            String name = "n" + random.nextInt(NAMES) + ".test";
            switch (random.nextInt(8)) {
                case 0, 1 -> ask(name, false);
                case 2 -> ask(name, true);
                case 3 -> stage.zone.put(name, List.of(ip("10.0.0." + random.nextInt(256))));
                case 4 -> stage.zone.remove(name);
                case 5 -> end();
                case 6 -> hanging.addAll(stage.hang());
                default -> stage.pass(Duration.ofMillis(random.nextInt(20) == 0 ? 90_000 : random.nextInt(3_000)));
            }
            check();
        }

        void ask(String name, boolean strict) {
            boolean known = lastGood.containsKey(name);
            CompletableFuture<List<InetAddress>> future =
                    (strict ? stage.resolver.refresh(name) : stage.resolver.resolve(name)).toCompletableFuture();
            calls.add(new Call(name, strict, known, stage.time.nanoTime(), future));
        }

        void end() {
            if (!hanging.isEmpty() && random.nextBoolean()) {
                run(hanging.remove(random.nextInt(hanging.size())));
            } else if (stage.underWay() > 0) {
                stage.endOldest();
                noteAnswer();
            }
        }

        void run(Runnable lookup) {
            lookup.run();
            noteAnswer();
        }

        void noteAnswer() {
            String name = stage.lookups.get(stage.lookups.size() - 1);
            if (stage.zone.containsKey(name)) {
                lastGood.put(name, stage.zone.get(name));
            }
        }

        void check() {
            assertThat(stage.underWay() + hanging.size()).isLessThanOrEqualTo(threads);
            assertThat(stage.mostLanes).isLessThanOrEqualTo(threads);
            calls.removeIf(this::isAsPromised);
        }

        private boolean isAsPromised(Call call) {
            long waited = stage.time.nanoTime() - call.atNanos();
            CompletableFuture<List<InetAddress>> future = call.future();
            if (!future.isDone()) {
                long most = Duration.ofMillis(call.known() && !call.strict() ? 250 : 5_000)
                        .toNanos();
                assertThat(waited).as("wait for " + call).isLessThan(most);
                return false;
            }
            if (!call.strict() && call.known()) {
                assertThat(future).as("last good answer of " + call).isCompleted();
            }
            if (!future.isCompletedExceptionally()) {
                assertThat(future.join()).as("answer of " + call).isEqualTo(lastGood.get(call.name()));
            }
            return true;
        }
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void calls_end_in_time_known_names_never_fail_and_answers_are_the_last_good_ones(@ForAll long seed) {
        Machine machine = new Machine(seed);
        for (int i = 0; i < STEPS; i++) {
            machine.step();
        }

        machine.stage.close();

        assertThat(machine.calls).allMatch(call -> call.future().isDone());
        assertThat(machine.stage.lanes).isEmpty();
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void one_name_is_looked_up_once_at_a_time(@ForAll long seed) {
        Machine machine = new Machine(seed);
        for (int i = 0; i < STEPS; i++) {
            machine.ask("one.test", machine.random.nextInt(4) == 0);
            assertThat(machine.stage.underWay()).isLessThanOrEqualTo(1);
            if (machine.random.nextInt(5) == 0) {
                machine.stage.endLookups();
            }
            machine.stage.pass(Duration.ofMillis(machine.random.nextInt(2_000)));
        }
        machine.stage.close();
    }
}
