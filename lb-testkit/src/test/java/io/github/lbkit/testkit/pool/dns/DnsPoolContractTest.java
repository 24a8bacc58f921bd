package io.github.lbkit.testkit.pool.dns;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.dns.DnsOptions;
import io.github.lbkit.api.pool.dns.DnsPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ServerPoolContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class DnsPoolContractTest extends ServerPoolContract {
    private final LoopbackDns dns;

    DnsPoolContractTest() throws IOException {
        dns = new LoopbackDns();
    }

    @BeforeEach
    void nameTheServers() {
        dns.set("shop.test", "A", "127.0.0.1", "127.0.0.2");
    }

    @AfterEach
    void closeDns() throws IOException {
        dns.close();
    }

    @Override
    protected ServerPool open() {
        return DnsPool.open(
                new PoolContext("dns", Runtimes.system(), Path.of("unused")),
                DnsOptions.host("shop.test", 80).nameServer(dns.address()).build());
    }
}
