package com.example.shop;

// begin
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.ReverseProxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

public final class ShopProxy {
    public static void main(String[] args) throws Exception {
        var context = new PoolContext("shop", Runtimes.system(), Path.of("state"));
        try (var pool = ServerPools.installed().open("static:" + args[0], context);
                var balancer = LoadBalancer.builder(pool, Policies.named("hash", Map.of())).build();
                var proxy = ReverseProxy.builder()
                        .listen(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1])))
                        .balancer(balancer)
                        .key(KeyExtractor.cookie("session"))
                        .start()) {
            System.out.println("the shop is on " + proxy.address());
            Thread.currentThread().join(); // until the process is stopped
        }
    }
}
// end
