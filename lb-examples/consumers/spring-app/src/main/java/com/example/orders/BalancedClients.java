package com.example.orders;

// begin
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.http.BalancedHttpClient;
import java.util.Map;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

@Configuration
class BalancedClients {
    @Bean
    LoadBalancer orders(ServerPool pool) {
        return LoadBalancer.builder(pool, Policies.named("round-robin", Map.of()))
                .ejection(Ejection.DEFAULTS)
                .build();
    }

    @Bean
    CloseableHttpClient httpClient(LoadBalancer orders) {
        return BalancedHttpClient.builder()
                .balance("orders", orders)
                .classic(HttpClients.custom())
                .build();
    }

    @Bean
    RestClient restClient(CloseableHttpClient httpClient) {
        return RestClient.builder()
                .requestFactory(new HttpComponentsClientHttpRequestFactory(httpClient))
                .baseUrl("http://orders")
                .build();
    }
}
// end
