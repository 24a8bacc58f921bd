package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.pool.PriorityOptions;
import io.github.lbkit.api.pool.PriorityPool;
import io.github.lbkit.api.pool.SubsetPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.FakeLauncher;
import io.github.lbkit.testkit.FakePlatform;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fault.FaultyCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Nested;

/** Whatever an inner pool, a probe or a listener does once, a derived pool goes on. */
class DerivedPoolFaultsTest {
    private static PoolContext context(String name, Runtimes runtimes) {
        return new PoolContext(name, runtimes, Path.of("unused"));
    }

    private static Server server(String id, long generation) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), generation));
    }

    @Nested
    class Failover extends LoggedFaultsContract {
        @Override
        protected Subject subject(ManualScheduler scheduler) {
            return new TwoSites(scheduler);
        }

        @Override
        protected boolean isTheCallersOwn(FaultyCalls faults) {
            return List.of("ServerPool.name", "ServerPool.subscribe").contains(faults.faultyMethod());
        }
    }

    private static final class TwoSites extends LoggedFaultsContract.PoolSubject {
        private final ManualScheduler scheduler;
        private final ScriptedPool near = new ScriptedPool("near");
        private final ScriptedPool far = new ScriptedPool("far");
        private int exercises;

        TwoSites(ManualScheduler scheduler) {
            this.scheduler = scheduler;
        }

        @Override
        protected ServerPool open(FaultyCalls faults, Runtimes runtimes) {
            near.publish(server("a", 1), server("b", 1));
            far.publish(server("a", 1), server("b", 1));
            Probe probe = (instance, timeout) -> CompletableFuture.completedFuture(ProbeResult.PASSED);
            return PriorityPool.open(
                    context("both", runtimes),
                    List.of(faults.wrap(ServerPool.class, near), faults.wrap(ServerPool.class, far)),
                    PriorityOptions.DEFAULTS.withHealthChecks(HealthChecks.builder(faults.wrap(Probe.class, probe))
                            .build()));
        }

        @Override
        protected List<CompletionStage<?>> exercise(ServerPool pool) {
            exercises++;
            if (exercises == 1) {
                near.publish(
                        server("a", 1).withState(Server.State.DOWN),
                        server("b", 1).withState(Server.State.DOWN));
            } else {
                near.publish(server("a", exercises), server("b", exercises));
            }
            far.report(new PoolEvent.Stopped(new InstanceId("a", 1)));
            Server leaving = server("c", 1).withState(Server.State.DRAINING);
            CompletableFuture<?> released = near.release(leaving, Duration.ofSeconds(3));
            scheduler.runDue();
            return List.of(released, pool.ready());
        }

        @Override
        protected void assertRecovered(ServerPool pool) {
            assertThat(((PriorityPool) pool).current()).isEqualTo("near");
            assertThat(pool.membership().servers()).containsExactly(server("a", 3), server("b", 3));
        }
    }

    @Nested
    class ManagedFailover extends LoggedFaultsContract {
        @Override
        protected Subject subject(ManualScheduler scheduler) {
            return new OverManaged(scheduler) {
                @Override
                ServerPool derived(ManagedServerPool inner, Runtimes runtimes) {
                    return PriorityPool.open(
                            context("outer", runtimes),
                            List.of(inner, new ScriptedPool("far")),
                            PriorityOptions.DEFAULTS);
                }
            };
        }

        @Override
        protected boolean isTheCallersOwn(FaultyCalls faults) {
            return faults.faultyMethod().startsWith("ManagedServerPool.")
                    || List.of("ServerPool.name", "ServerPool.subscribe").contains(faults.faultyMethod());
        }

        @Override
        protected boolean mayAnswerOnClose(FaultyCalls faults) {
            return faults.faultyMethod().startsWith("ManagedServerPool.")
                    || faults.faultyMethod().equals("ServerPool.ready");
        }
    }

    @Nested
    class ManagedSubset extends LoggedFaultsContract {
        @Override
        protected Subject subject(ManualScheduler scheduler) {
            return new OverManaged(scheduler) {
                @Override
                ServerPool derived(ManagedServerPool inner, Runtimes runtimes) {
                    return SubsetPool.labelled(context("outer", runtimes), inner, Map.of());
                }
            };
        }

        @Override
        protected boolean isTheCallersOwn(FaultyCalls faults) {
            return faults.faultyMethod().startsWith("ManagedServerPool.")
                    || List.of("ServerPool.name", "ServerPool.subscribe").contains(faults.faultyMethod());
        }

        @Override
        protected boolean mayAnswerOnClose(FaultyCalls faults) {
            return faults.faultyMethod().startsWith("ManagedServerPool.")
                    || faults.faultyMethod().equals("ServerPool.ready");
        }
    }

    private abstract static class OverManaged extends LoggedFaultsContract.PoolSubject {
        private final ManualScheduler scheduler;
        private final SupervisedPool inner;

        OverManaged(ManualScheduler scheduler) {
            this.scheduler = scheduler;
            FakeLauncher launcher = new FakePlatform(scheduler).newLauncher();
            inner = SupervisedPool.open(
                    context("inner", scheduler.asRuntimes()),
                    launcher,
                    SupervisedOptions.builder()
                            .servers(List.of("A", "B", "C", "D"))
                            .drainTimeout(Duration.ofSeconds(3))
                            .maxServers(20)
                            .probe(launcher.probe())
                            .random(new Random(7)::nextLong)
                            .build());
        }

        abstract ServerPool derived(ManagedServerPool pool, Runtimes runtimes);

        @Override
        protected ServerPool open(FaultyCalls faults, Runtimes runtimes) {
            return derived(faults.wrap(ManagedServerPool.class, inner), runtimes);
        }

        @Override
        protected List<CompletionStage<?>> exercise(ServerPool opened) {
            ManagedServerPool pool = (ManagedServerPool) opened;
            List<CompletionStage<?>> asked = new ArrayList<>();
            asked.add(pool.remove(1, List.of()));
            asked.add(pool.replaceAll());
            asked.add(pool.preview(false, 1, List.of()));
            return asked;
        }

        @Override
        protected void assertRecovered(ServerPool pool) {
            assertThat(pool.membership().servers()).isEqualTo(inner.membership().servers());
            assertThat(pool.membership().servers()).allMatch(server -> server.state() == Server.State.READY);
        }

        @Override
        protected Duration recovery() {
            return Duration.ofSeconds(40);
        }

        @Override
        protected void close() {
            Await.moving(scheduler).blocking(inner::close);
        }
    }
}
