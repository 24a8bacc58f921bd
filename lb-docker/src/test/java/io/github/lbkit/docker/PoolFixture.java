package io.github.lbkit.docker;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.internal.lease.LeaseTimes;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The pools of a test, which are closed after it, and queries of their state. Confined to the test's thread. */
final class PoolFixture implements AutoCloseable {
    static final LeaseTimes HASTY =
            new LeaseTimes(Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofSeconds(2));

    final String name = "stage-" + UUID.randomUUID().toString().substring(0, 8);
    final TcpProbe probe = TcpProbe.http(Runtimes.system(), "/");
    private final List<DockerServerPool> pools = new ArrayList<>();
    private final Await await = Await.inRealTime();

    DockerOptions.Builder image() {
        return DockerOptions.image(TestImage.NAME, TestImage.PORT).label(RealEngine.RUN_LABEL, RealEngine.RUN);
    }

    DockerServerPool open(int servers, DockerOptions options) {
        return open(Runtimes.system(), options, builder -> builder.servers(servers));
    }

    DockerServerPool open(Runtimes runtimes, DockerOptions options, UnaryOperator<SupervisedOptions.Builder> settings) {
        SupervisedOptions supervised = settings.apply(SupervisedOptions.builder()
                        .probe(probe)
                        .stopGrace(Duration.ofSeconds(1))
                        .drainTimeout(Duration.ZERO)
                        .resyncInterval(Duration.ofSeconds(1)))
                .build();
        DockerServerPool pool = DockerServerPool.open(
                new PoolContext(name, runtimes, Path.of("target", "state")), options, supervised, HASTY);
        pools.add(pool);
        return pool;
    }

    /** Waits until this many servers serve, and no other is there. */
    void awaitReady(DockerServerPool pool, int servers) {
        await.until(
                servers + " servers are ready",
                () -> generations(pool).size() == servers
                        && pool.membership().servers().size() == servers);
    }

    /** The generation of each server that serves. */
    static Map<String, Long> generations(DockerServerPool pool) {
        Map<String, Long> generations = new TreeMap<>();
        for (Server server : pool.membership().servers()) {
            if (server.state() == Server.State.READY) {
                server.instance().ifPresent(instance -> generations.put(server.id(), instance.generation()));
            }
        }
        return generations;
    }

    static Instance instance(DockerServerPool pool, String id) {
        return pool.membership().server(id).flatMap(Server::instance).orElseThrow();
    }

    /** What the engine calls the container that serves under this id. */
    String container(DockerServerPool pool, String id) {
        return instance(pool, id).name() + "." + name;
    }

    /** How many containers the machine's engine has of this stage's pools. */
    int containers() {
        return RealEngine.containers("lbkit.pool=" + name).size();
    }

    boolean answers(Instance instance) {
        return await.value(probe.probe(instance, Duration.ofSeconds(2))).passed();
    }

    /** This pool has crashed: nobody can close it any more. */
    void forget(DockerServerPool pool) {
        pools.remove(pool);
    }

    @Override
    public void close() {
        pools.forEach(DockerServerPool::close);
        probe.close();
    }
}
