package com.example.shop;

import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The balancer that docs/guide.md composes step by step. */
final class OwnBalancer implements AutoCloseable {
    private final ServerPool pool;
    private final HttpProbe probe;
    private final LoadBalancer balancer;
    private final ReverseProxy proxy;

    OwnBalancer(String poolUri) throws Exception {
        // begin pool
        var context = new PoolContext("shop", Runtimes.system(), Path.of("state"));
        pool = ServerPools.installed().open(poolUri, context);
        pool.ready().toCompletableFuture().get(30, TimeUnit.SECONDS);
        // end pool

        // begin policy
        Policy policy = Policies.named("hash", Map.of("max-servers", "128"));
        // end policy

        // begin protection
        probe = HttpProbe.path("/health").build(Runtimes.system());
        balancer = LoadBalancer.builder(pool, policy)
                .healthChecks(HealthChecks.builder(probe).interval(Duration.ofSeconds(2)).build())
                .ejection(Ejection.DEFAULTS)
                .warmUp(new WarmUp(Duration.ofSeconds(30), 0.1))
                .retryBudget(new RetryBudget(0.2, 10))
                .loadFactor(1.5)
                .maxAttempts(3)
                .listener(new Log())
                .build();
        // end protection

        // begin proxy
        proxy = ReverseProxy.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .balancer(balancer)
                .key(KeyExtractor.cookie("session"))
                .limits(Limits.DEFAULTS)
                .route("/version", 0, request -> LocalResponse.text(200, "shop 1"))
                .start();
        // end proxy
    }

    // begin listener
    /** Says which servers leave and come back. */
    private static final class Log implements LoadBalancerListener {
        @Override
        public void ejected(Server server, Duration time) {
            System.out.println(server.id() + " is out for " + time);
        }

        @Override
        public void returned(Server server) {
            System.out.println(server.id() + " is back");
        }
    }
    // end listener

    InetSocketAddress address() {
        return proxy.address();
    }

    // begin explain
    String explain(String session) {
        Explanation why = balancer.explain(Key.of(session));
        Plan plan = balancer.plan(new MembershipChange(List.of(new Member("S4", 1)), Set.of()));
        return why.chosen().orElse("nobody") + " answers " + session + "; a fourth server would take "
                + Math.round(plan.movedShare() * 100) + " % of the keys";
    }
    // end explain

    // begin override
    /** Holds a server back, whatever its pool says, until it is given free again. */
    void maintain(String id, boolean on) {
        balancer.override(id, on ? OperatorOverride.DRAIN : OperatorOverride.NONE);
    }
    // end override

    // begin stop
    @Override
    public void close() {
        proxy.stop(Duration.ofSeconds(10)).toCompletableFuture().join(); // requests in progress finish
        balancer.close();
        probe.close();
        pool.close();
    }
    // end stop
}
