package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.FakeLauncher;
import io.github.lbkit.testkit.FakePlatform;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.fault.FaultyCalls;
import io.github.lbkit.testkit.pool.LoggedFaultsContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

/** Whatever a callback of a supervised pool does once, afterwards the pool has its servers and nothing else. */
class SupervisedPoolFaultsTest {
    @Nested
    class OfItsListener extends LoggedFaultsContract {
        @Override
        protected Subject subject(ManualScheduler scheduler) {
            return new Supervised(scheduler, Set.of());
        }
    }

    @Nested
    class OfItsLauncher extends LoggedFaultsContract {
        @Override
        protected Subject subject(ManualScheduler scheduler) {
            return new Supervised(scheduler, Set.of(Launcher.class));
        }

        @Override
        protected boolean faultyListener() {
            return false;
        }

        @Override
        protected boolean isTheCallersOwn(FaultyCalls faults) {
            return List.of("Launcher.launches", "Launcher.watch", "Launcher.spec", "Launcher.specHash")
                    .contains(faults.faultyMethod());
        }
    }

    @Nested
    class OfItsProbe extends LoggedFaultsContract {
        @Override
        protected Subject subject(ManualScheduler scheduler) {
            return new Supervised(scheduler, Set.of(Probe.class));
        }

        @Override
        protected boolean faultyListener() {
            return false;
        }
    }

    @Nested
    class OfItsFunctions extends LoggedFaultsContract {
        @Override
        protected Subject subject(ManualScheduler scheduler) {
            return new Supervised(scheduler, Set.of(LongSupplier.class, Consumer.class, LaunchSpec.class));
        }

        @Override
        protected boolean faultyListener() {
            return false;
        }

        @Override
        protected boolean isTheCallersOwn(FaultyCalls faults) {
            return true; // they answer questions that somebody asked: who asked is told
        }
    }

    private static final class Supervised extends LoggedFaultsContract.PoolSubject {
        private final FakePlatform platform;
        private final Set<Class<?>> wrapped;
        private FaultyCalls faults = FaultyCalls.none();
        private int exercises;

        Supervised(ManualScheduler scheduler, Set<Class<?>> wrapped) {
            this.platform = new FakePlatform(scheduler);
            this.wrapped = wrapped;
        }

        @Override
        protected ServerPool open(FaultyCalls newFaults, Runtimes runtimes) {
            faults = newFaults;
            FakeLauncher launcher = platform.newLauncher();
            LongSupplier random = new Random(7)::nextLong;
            SupervisedOptions options = SupervisedOptions.builder()
                    .servers(List.of("A", "B", "C"))
                    .drainTimeout(Duration.ofSeconds(3))
                    .maxServers(20)
                    .probe(around(Probe.class, launcher.probe()))
                    .random(around(LongSupplier.class, random))
                    .admission(admission())
                    .build();
            return SupervisedPool.open(
                    new PoolContext("supervised", runtimes, Path.of("unused")),
                    around(Launcher.class, launcher),
                    options);
        }

        private <T> T around(Class<T> type, T real) {
            return wrapped.contains(type) ? faults.wrap(type, real) : real;
        }

        @SuppressWarnings("unchecked")
        private Consumer<List<Member>> admission() {
            Consumer<List<Member>> admission = members -> {};
            return around(Consumer.class, admission);
        }

        @Override
        protected List<CompletionStage<?>> exercise(ServerPool opened) {
            SupervisedPool pool = (SupervisedPool) opened;
            exercises++;
            List<CompletionStage<?>> asked = new ArrayList<>();
            platform.running("A").ifPresent(launched -> platform.kill("A", launched.generation()));
            platform.running("B").ifPresent(launched -> platform.kill("B", launched.generation()));
            asked.add(pool.add(1, List.of("X" + exercises)));
            asked.add(pool.add(1, List.of()));
            asked.add(pool.preview(false, 1, List.of()));
            asked.add(pool.replace("C"));
            asked.add(pool.remove(1, List.of()));
            int number = exercises;
            asked.add(pool.rollOut(around(LaunchSpec.class, () -> "spec-" + number)));
            platform.hint();
            return asked;
        }

        @Override
        protected void assertRecovered(ServerPool opened) {
            SupervisedPool pool = (SupervisedPool) opened;
            List<Server> servers = pool.membership().servers();
            assertThat(servers).extracting(Server::id).containsExactlyInAnyOrderElementsOf(pool.desired());
            assertThat(servers).allMatch(server -> server.state() == Server.State.READY);
            assertThat(platform.instances())
                    .extracting(LaunchedInstance::id, LaunchedInstance::generation)
                    .containsExactlyInAnyOrderElementsOf(servers.stream()
                            .map(server -> org.assertj.core.api.Assertions.tuple(
                                    server.id(), server.instance().orElseThrow().generation()))
                            .toList());
            assertThat(pool.age()).isZero();
        }
    }
}
