package com.example.boot;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.HttpProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** An application whose {@link RestClient} sends requests for {@code http://orders} to the servers of a pool. */
@SpringBootApplication
class OrdersApp {
    @Bean
    ServerPool pool(@Value("${orders.pool}") String uri) {
        return ServerPools.installed().open(uri, new PoolContext("orders", Runtimes.system(), Path.of("state")));
    }

    @Bean
    HttpProbe probe() {
        return HttpProbe.path("/health").build(Runtimes.system());
    }

    @Bean
    LoadBalancer balancer(ServerPool pool, HttpProbe probe, @Value("${orders.probe-interval:5s}") Duration interval) {
        return LoadBalancer.builder(pool, Policies.named("round-robin", Map.of()))
                .healthChecks(HealthChecks.builder(probe).interval(interval).build())
                .ejection(Ejection.DEFAULTS)
                .build();
    }

    @Bean
    CloseableHttpClient httpClient(LoadBalancer balancer) {
        return BalancedHttpClient.builder()
                .balance("orders", balancer)
                .classic(HttpClients.custom())
                .build();
    }

    @Bean
    RestClient orders(RestClient.Builder builder, CloseableHttpClient httpClient) {
        return builder.requestFactory(new HttpComponentsClientHttpRequestFactory(httpClient))
                .baseUrl("http://orders")
                .build();
    }
}
