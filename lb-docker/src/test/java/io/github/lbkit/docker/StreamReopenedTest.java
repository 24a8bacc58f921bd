package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each pool reports each time that its stream of engine events was opened again. */
class StreamReopenedTest {
    private final Await await = Await.inRealTime();
    private final FakeEngine engine = FakeEngine.builder().tcp().start();
    private final PoolFixture stage = new PoolFixture();

    @AfterEach
    void close() {
        stage.close();
        engine.close();
    }

    private DockerServerPool supervised() {
        DockerServerPool pool = stage.open(
                1,
                DockerOptions.image(FakeEngine.IMAGE, 8080)
                        .engine(engine.host())
                        .build());
        await.value(pool.ready());
        return pool;
    }

    private void assertCutsAreTold(ServerPool pool, int streams) {
        await.until("events come", () -> engine.eventStreams() == streams);
        List<PoolEvent.StreamReopened> told = new CopyOnWriteArrayList<>();
        Subscription subscription = pool.subscribe(new PoolListener() {
            @Override
            public void changed(Membership membership) {}

            @Override
            public void happened(PoolEvent event) {
                if (event instanceof PoolEvent.StreamReopened reopened) {
                    told.add(reopened);
                }
            }
        });
        for (int cuts = 1; cuts <= 2; cuts++) {
            int expected = cuts;
            engine.faults().cutEvents();
            await.until("cut " + cuts + " is told", () -> told.size() == expected);
            await.until("events come again", () -> engine.eventStreams() == streams);
        }
        subscription.close();
        assertThat(told).allSatisfy(reopened -> {
            assertThat(reopened.reason()).isNotBlank();
            assertThat(reopened.silence()).isPositive();
        });
    }

    @Test
    void a_pool_that_launches_containers_tells() {
        assertCutsAreTold(supervised(), 1);
    }

    @Test
    void a_pool_that_follows_another_owner_tells() {
        DockerServerPool owner = supervised();

        DockerServerPool follower = supervised();

        assertThat(owner.owner()).isEmpty();
        assertThat(follower.owner()).isPresent();
        assertCutsAreTold(follower, 2);
    }

    @Test
    void a_pool_that_discovers_containers_tells() {
        engine.containers().run(FakeEngines.shop("web-1"));
        try (DockerDiscoveryPool pool = DockerDiscoveryPool.open(
                FakeEngines.context("discovered"),
                DiscoveryOptions.pool("shop").host(engine.host()).build())) {
            assertCutsAreTold(pool, 1);
        }
    }

    @Test
    void a_pool_of_a_swarm_tells() {
        engine.swarm().init("one");
        engine.swarm().createService("shop", 1, 8080);
        try (SwarmServerPool pool = SwarmServerPool.open(
                FakeEngines.context("swarmed"),
                SwarmOptions.service("shop").host(engine.host()).build())) {
            assertCutsAreTold(pool, 1);
        }
    }
}
