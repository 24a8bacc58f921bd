package io.github.lbkit.examples.serve;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.http.HttpProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Opens the pool and builds the load balancer over it, as the settings say. Confined to the thread that starts. */
final class LoadBalancerStarter {
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(1);
    private static final long OWNER_POLL_NANOS = 20_000_000;

    /** The beginning of a line on the standard output: a supervisor stops the old process when it reads this line. */
    private static final String WAITING = "lbkit waits for the release of pool ";

    private final ServeSettings settings;
    private final StopSequence stops;

    /** Creates a starter that adds everything it opens to the stop sequence. */
    LoadBalancerStarter(ServeSettings settings, StopSequence stops) {
        this.settings = settings;
        this.stops = stops;
    }

    /** Opens the pool, whose events the listener gets from the start. */
    ServerPool openPool(Policy policy, PoolListener listener) throws IOException {
        PoolContext context = new PoolContext(settings.poolName(), Runtimes.system(), settings.stateDirectory())
                .withAdmission(policy::picker);
        try {
            ServerPool pool = openWhenReleased(context);
            var unused = pool.subscribe(listener);
            return pool;
        } catch (IllegalStateException owned) { // its message contains the name of the pool
            throw new IllegalStateException(
                    owned.getMessage() + " (--pool-name sets the name of the pool, --state-dir the directory)", owned);
        }
    }

    /** Opens the pool. If another process owns it, waits for the release, as far as the settings allow. */
    private ServerPool openWhenReleased(PoolContext context) throws IOException {
        long deadline = System.nanoTime() + settings.takeoverTimeout().toNanos();
        boolean waiting = false;
        while (true) {
            try {
                return open(context);
            } catch (IllegalStateException owned) {
                if (System.nanoTime() - deadline >= 0) {
                    throw owned;
                }
                if (!waiting) {
                    waiting = true;
                    System.out.println(WAITING + context.name() + ": " + owned.getMessage());
                }
            }
            LockSupport.parkNanos(OWNER_POLL_NANOS);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new IOException("the start was interrupted");
            }
        }
    }

    private ServerPool open(PoolContext context) throws IOException {
        if (!settings.pool().isDemo()) {
            ServerPool pool = ServerPools.installed().open(settings.poolUri(), context);
            stops.add(pool::close);
            return pool;
        }
        DemoPool.Opened demo = DemoPool.open(context, settings);
        stops.add(() -> demo.dependencies().close());
        stops.add(demo.pool()::close);
        return demo.pool();
    }

    /** Builds the load balancer, whose events the listeners get from the start. */
    LoadBalancer build(ServerPool pool, Policy policy, List<LoadBalancerListener> listeners) {
        LoadBalancer.Builder builder = LoadBalancer.builder(pool, policy)
                .maxAttempts(settings.maxAttempts())
                .ejection(Ejection.DEFAULTS)
                .retryBudget(new RetryBudget(0.2, 10));
        listeners.forEach(builder::listener);
        settings.overload().maxInFlightPerServer().ifPresent(builder::maxInFlightPerServer);
        settings.overload().maxInFlightOfPool().ifPresent(builder::maxInFlight);
        settings.overload().loadFactor().ifPresent(builder::loadFactor);
        settings.healthPath().ifPresent(path -> builder.healthChecks(healthChecks(path)));
        LoadBalancer balancer = builder.build();
        stops.add(balancer::close);
        return balancer;
    }

    private HealthChecks healthChecks(String path) {
        return HealthChecks.builder(probe(path))
                .interval(settings.health().interval())
                .failingInterval(settings.health().interval())
                .timeout(HEALTH_TIMEOUT)
                .fall(2)
                .build();
    }

    /** Returns the light probe for demo servers, as it starts faster, and the complete HTTP probe for other servers. */
    private Probe probe(String path) {
        if (settings.pool().isDemo()) {
            TcpProbe light = TcpProbe.http(Runtimes.system(), path);
            stops.add(light::close);
            return light;
        }
        HttpProbe.Builder builder =
                HttpProbe.path(path).serverTls(settings.serverTls().settings());
        settings.peers().sendProxy().ifPresent(builder::sendProxy);
        HttpProbe complete = builder.build(Runtimes.system());
        stops.add(complete::close);
        return complete;
    }
}
