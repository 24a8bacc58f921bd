package io.github.lbkit.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.testing.RawHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the demo server answers, to the letter. */
class DemoServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void its_three_paths_say_who_it_is_and_all_else_is_404() throws Exception {
        try (DemoServer server = DemoServer.start("S1", ANY_PORT, DemoServer.Load.NONE)) {
            assertThat(RawHttp.get(server.address(), "/home").body())
                    .isEqualTo("{\"message\":\"Hello from Server: S1\",\"status\":\"successful\"}");
            assertThat(RawHttp.get(server.address(), "/heartbeat").body())
                    .isEqualTo("{\"message\":\"Heart beating ~^~\",\"status\":\"successful\"}");
            assertThat(RawHttp.get(server.address(), "/hello").body())
                    .isEqualTo("{\"Hello world\":\"Hello from server S1\"}");
            assertThat(RawHttp.get(server.address(), "/other").status()).isEqualTo(404);
            assertThat(RawHttp.send(server.address(), "HEAD", "/home", "").body())
                    .isEmpty();
            assertThat(RawHttp.send(server.address(), "POST", "/home", "").status())
                    .isEqualTo(405);
        }
    }

    @Test
    void the_strict_heartbeat_is_empty() throws Exception {
        DemoServer.Load strict = new DemoServer.Load(Duration.ZERO, 0, true);
        try (DemoServer server = DemoServer.start("S1", ANY_PORT, strict)) {
            RawHttp heartbeat = RawHttp.get(server.address(), "/heartbeat");

            assertThat(heartbeat.status()).isEqualTo(200);
            assertThat(heartbeat.body()).isEmpty();
        }
    }
}
