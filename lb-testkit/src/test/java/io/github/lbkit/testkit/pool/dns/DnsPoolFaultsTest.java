package io.github.lbkit.testkit.pool.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.dns.DnsOptions;
import io.github.lbkit.api.pool.dns.DnsPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.fault.FaultyCalls;
import io.github.lbkit.testkit.pool.LoggedFaultsContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

class DnsPoolFaultsTest extends LoggedFaultsContract {
    @Override
    protected Subject subject(ManualScheduler scheduler) throws IOException {
        LoopbackDns dns = new LoopbackDns();
        dns.set("shop.test", "A", "127.0.0.1", "127.0.0.2");
        return new Subject() {
            private int change;

            @Override
            protected ServerPool open(FaultyCalls faults, Runtimes runtimes) {
                return DnsPool.open(
                        new PoolContext("dns", runtimes, Path.of("unused")),
                        DnsOptions.host("shop.test", 80)
                                .nameServer(dns.address())
                                .family(DnsOptions.Family.IPV4)
                                .pollInterval(Duration.ofSeconds(20))
                                .build());
            }

            @Override
            protected List<CompletionStage<?>> exercise(ServerPool pool) {
                dns.set("shop.test", "A", "127.0.0.1", "127.0.1." + ++change);
                return List.of();
            }

            @Override
            protected void assertRecovered(ServerPool pool) {
                assertThat(pool.membership().server("127.0.1.3:80")).isPresent();
                assertThat(pool.membership().servers()).hasSize(2);
            }

            @Override
            protected Duration recovery() {
                return Duration.ofSeconds(90);
            }

            @Override
            protected void close() throws IOException {
                dns.close();
            }
        };
    }
}
