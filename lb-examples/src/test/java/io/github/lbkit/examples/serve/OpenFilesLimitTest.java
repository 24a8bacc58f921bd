package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.KeptAlive;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.ServeProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open few files. */
class OpenFilesLimitTest {
    private static final int CLIENTS = 400;

    @TempDir
    Path dir;

    @Test
    void with_few_files_the_balancer_answers_more_clients_than_it_can_keep_and_still_connects_to_servers()
            throws Exception {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        List<KeptAlive> clients = new ArrayList<>();
        try (DemoServer first = DemoServer.start("a", free, DemoServer.Load.NONE);
                DemoServer second = DemoServer.start("b", free, DemoServer.Load.NONE);
                ServeProcess serve = ServeProcess.start(
                        dir,
                        List.of("bash", "-c", "ulimit -n 256 && exec \"$@\"", "--"),
                        false,
                        "--pool",
                        "static:http://127.0.0.1:" + first.address().getPort() + ",http://127.0.0.1:"
                                + second.address().getPort())) {
            for (int i = 0; i < CLIENTS; i++) {
                KeptAlive client = new KeptAlive(serve.traffic);
                clients.add(client);
                client.send("GET /home HTTP/1.1\r\nHost: a\r\n\r\n");
            }

            for (KeptAlive client : clients) {
                assertThat(client.read()).isEqualTo(200); // and the connection is kept
            }

            assertThat(RawHttp.get(serve.traffic, "/home").status()).isEqualTo(200);
            assertThat(RawHttp.get(serve.admin, "/ready").status()).isEqualTo(200);
            assertThat(ServeProcess.read(serve.err))
                    .containsPattern("proxy traffic: at most [1-9][0-9]* connections of clients instead of 10000,"
                            + " because the process may open 256 files")
                    .doesNotContain("Too many open files");
        } finally {
            for (KeptAlive client : clients) {
                client.close();
            }
        }
    }
}
