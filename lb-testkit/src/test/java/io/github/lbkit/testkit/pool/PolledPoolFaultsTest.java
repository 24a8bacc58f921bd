package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.spi.ListedServer;
import io.github.lbkit.api.pool.spi.PolledPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.fault.FaultyCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

class PolledPoolFaultsTest extends LoggedFaultsContract {
    private static final List<List<ListedServer>> LISTS = List.of(
            List.of(listed("S1", 1), listed("S2", 2)),
            List.of(listed("S1", 1)),
            List.of(listed("S1", 3), listed("S3", 4)),
            List.of(listed("S1", 3), listed("S2", 5)));

    private static ListedServer listed(String id, int port) {
        return new ListedServer(id, Address.of("127.0.0.1", port), 1, Map.of());
    }

    @Override
    protected Subject subject(ManualScheduler scheduler) {
        return new Changing();
    }

    private static final class Changing extends Subject implements PolledPool.Source {
        private int list;

        @Override
        protected ServerPool open(FaultyCalls faults, Runtimes runtimes) {
            return new Pool(runtimes, faults.wrap(PolledPool.Source.class, this));
        }

        @Override
        protected List<CompletionStage<?>> exercise(ServerPool pool) {
            list++;
            ((Pool) pool).somethingHappened();
            return List.of();
        }

        @Override
        protected void assertRecovered(ServerPool pool) {
            assertThat(pool.membership().servers()).extracting(Server::id).containsExactly("S1", "S2");
            assertThat(pool.membership().servers()).allMatch(server -> server.state() == Server.State.READY);
            assertThat(pool.age()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        }

        @Override
        public String name() {
            return "lists";
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(5);
        }

        @Override
        public CompletionStage<List<ListedServer>> poll(Scheduler worker) {
            return CompletableFuture.completedFuture(LISTS.get(list));
        }
    }

    private static final class Pool extends PolledPool {
        Pool(Runtimes runtimes, Source source) {
            super(
                    new PoolContext("own", runtimes, Path.of("unused")),
                    source,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30));
            begin();
        }

        void somethingHappened() {
            hint();
        }
    }
}
