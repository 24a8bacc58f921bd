package com.example.custompool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ServerPoolContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// begin
class SuppliedPoolTest extends ServerPoolContract {
    @Override
    protected ServerPool open() {
        return new SuppliedPool(Runtimes.system(), () -> List.of(server("S1")));
    }

    private static Server server(String id) {
        return Server.ready(id, new Instance(id, Address.of("127.0.0.1", 9001), 1));
    }

    @Test
    void a_new_server_is_published_once_within_a_second() {
        ManualScheduler scheduler = new ManualScheduler();
        List<Server> servers = new ArrayList<>(List.of(server("S1")));
        List<Membership> received = new ArrayList<>();
        try (ServerPool pool = new SuppliedPool(scheduler.asRuntimes(), () -> List.copyOf(servers))) {
            var unused = pool.subscribe(received::add);
            scheduler.advance(Duration.ofMillis(500));

            servers.add(server("S2"));
            scheduler.advance(Duration.ofSeconds(10));

            assertThat(received).extracting(Membership::version).containsExactly(1L, 2L);
            assertThat(received.get(1).servers()).isEqualTo(servers);
        }
    }
}
// end
