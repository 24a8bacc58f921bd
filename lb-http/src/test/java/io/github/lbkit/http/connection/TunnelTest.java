package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.http.fixture.UpgradeServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of the two directions of a tunnel: their bytes, their ends, and their timeouts. */
class TunnelTest {
    private static final int MEBIBYTE = 1 << 20;

    /** What two pairs of socket buffers on one machine may hold, and the proxy's own part, with room to spare. */
    private static final long BOUND = 32L * MEBIBYTE;

    private final UpgradeServer server = new UpgradeServer();
    private ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());

    private RawClient client = fixture.client();
    private RawClient far = client;

    @BeforeEach
    void open() throws IOException {
        far = server.open(client);
    }

    @AfterEach
    void close() {
        client.close();
        far.close();
        fixture.close();
        server.close();
    }

    private void restart(ProxyFixture other) throws IOException {
        client.close();
        far.close();
        fixture.close();
        fixture = other;
        client = fixture.client();
        far = server.open(client);
    }

    @Test
    void bytes_pass_in_both_directions() throws IOException {
        client.send("ping");
        assertThat(far.exactly(4)).isEqualTo("ping");
        far.send("pong");
        assertThat(client.exactly(4)).isEqualTo("pong");

        assertThat(fixture.proxy.tunnels()).isEqualTo(1);
        assertThat(fixture.inFlight()).isEqualTo(1);
    }

    @Test
    void the_server_can_still_send_after_the_client_has_ended_its_direction() throws IOException {
        client.send("the last").halfClose();
        assertThat(far.readToEnd()).isEqualTo("the last");

        far.send("an answer");
        assertThat(client.exactly(9)).isEqualTo("an answer");
        far.close();

        assertThat(client.isAtEnd()).isTrue();
        fixture.awaitOutcomes("s1 succeeded");
        assertThat(fixture.proxy.tunnels()).isZero();
    }

    @Test
    void the_client_can_still_send_after_the_server_has_ended_its_direction() throws IOException {
        far.send("the last").halfClose();
        assertThat(client.readToEnd()).isEqualTo("the last");

        client.send("an answer");
        assertThat(far.exactly(9)).isEqualTo("an answer");
        client.close();

        assertThat(far.isAtEnd()).isTrue();
        fixture.awaitOutcomes("s1 succeeded");
    }

    @Test
    void a_client_that_sends_on_to_a_server_that_is_gone_is_reset() throws IOException {
        far.send("the last");
        far.close();
        assertThat(client.readToEnd()).isEqualTo("the last");
        assertThatThrownBy(() -> {
                    while (true) {
                        client.send("more");
                    }
                })
                .hasMessageMatching("(?s).*(reset|pipe).*");

        fixture.awaitOutcomes("s1 abandoned");
    }

    @Test
    void a_client_that_ended_its_direction_before_the_switch_gets_what_the_server_sends() throws IOException {
        try (RawClient early = fixture.client()) {
            early.send(UpgradeServer.REQUEST + "all").halfClose();
            try (RawClient other = server.awaitRequest()) {
                other.send(UpgradeServer.SWITCH);
                assertThat(other.readToEnd()).isEqualTo("all");
                other.send("bye");
            }

            assertThat(early.read().status()).isEqualTo(101);
            assertThat(early.readToEnd()).isEqualTo("bye");
        }
    }

    @Test
    void a_half_close_does_not_end_a_tunnel_where_it_would_end_a_request() throws IOException {
        restart(ProxyFixture.at(b -> b.abortOnHalfClose(true), server.address()));
        client.halfClose();
        assertThat(far.isAtEnd()).isTrue();

        far.send("still");

        assertThat(client.exactly(5)).isEqualTo("still");
    }

    @Test
    void a_reset_of_the_client_reaches_the_server() {
        client.reset();

        assertThatThrownBy(far::readToEnd).hasMessageContaining("reset");
        fixture.awaitOutcomes("s1 abandoned");
    }

    @Test
    void a_reset_of_the_server_reaches_the_client_and_blames_nobody() throws IOException {
        far.send("x");
        client.exactly(1);
        far.reset();

        assertThatThrownBy(client::readToEnd).hasMessageContaining("reset");
        fixture.awaitOutcomes("s1 abandoned");
    }

    @Test
    void a_reset_of_the_server_before_its_first_byte_counts_against_it() {
        far.reset();

        assertThatThrownBy(client::readToEnd).hasMessageContaining("reset");
        fixture.awaitOutcomes("s1 failed DISCONNECT");
    }

    @Test
    void megabytes_pass_in_both_directions_at_once() throws Exception {
        byte[] up = new byte[4 * MEBIBYTE];
        byte[] down = new byte[6 * MEBIBYTE];
        java.util.Arrays.fill(up, (byte) 'u');
        java.util.Arrays.fill(down, (byte) 'd');
        RawClient near = client;
        Thread sendsUp = started(() -> near.send(up).halfClose());
        RawClient remote = far;
        Thread sendsDown = started(() -> remote.send(down).halfClose());
        byte[][] received = new byte[1][];
        Thread reads = started(() -> received[0] = bytesOf(remote));

        assertThat(bytesOf(client)).isEqualTo(down);
        reads.join();
        sendsUp.join();
        sendsDown.join();
        assertThat(received[0]).isEqualTo(up);
        fixture.awaitOutcomes("s1 succeeded");
    }

    @Test
    void a_client_that_does_not_read_stops_the_server() throws Exception {
        AtomicLong sent = new AtomicLong();
        RawClient remote = far;
        Thread sending = started(() -> sendForEver(remote, sent));

        assertThat(standstill(sent::get)).isLessThan(BOUND);
        assertThat(fixture.proxy.bufferedBytes()).isBetween(1L, (long) MEBIBYTE);

        client.in().skipNBytes(2 * BOUND);
        client.reset();
        sending.join();
        Await.until("nothing is held", () -> fixture.proxy.bufferedBytes() == 0);
    }

    @Test
    void a_server_that_does_not_read_stops_the_client() throws Exception {
        AtomicLong sent = new AtomicLong();
        RawClient near = client;
        Thread sending = started(() -> sendForEver(near, sent));

        assertThat(standstill(sent::get)).isLessThan(BOUND);
        assertThat(fixture.proxy.bufferedBytes()).isBetween(1L, (long) MEBIBYTE);

        far.in().skipNBytes(2 * BOUND);
        far.reset();
        sending.join();
        Await.until("nothing is held", () -> fixture.proxy.bufferedBytes() == 0);
    }

    @Test
    void a_tunnel_without_bytes_ends_on_both_sides_after_its_timeout() throws IOException {
        restart(ProxyFixture.at(b -> b.timeouts(ShortTimeouts.tunnel()), server.address()));

        assertThat(client.isAtEnd()).isTrue();
        assertThat(far.isAtEnd()).isTrue();
        fixture.awaitOutcomes("s1 abandoned");
    }

    @Test
    void bytes_of_one_side_keep_a_tunnel_open_beyond_its_timeout() throws IOException {
        restart(ProxyFixture.at(b -> b.timeouts(ShortTimeouts.tunnel()), server.address()));
        long end = System.nanoTime() + 500_000_000;
        for (RawClient sender = client; System.nanoTime() - end < 0; ) {
            sender.send("x");
            LockSupport.parkNanos(5_000_000);
        }

        far.send("still open");

        assertThat(client.exactly(10)).isEqualTo("still open");
    }

    @Test
    void a_half_closed_tunnel_without_bytes_ends_after_the_idle_timeout_of_clients() throws IOException {
        restart(ProxyFixture.at(b -> b.timeouts(ShortTimeouts.idle()), server.address()));
        client.halfClose();
        assertThat(far.isAtEnd()).isTrue();

        assertThat(client.isAtEnd()).isTrue();
        fixture.awaitOutcomes("s1 abandoned");
    }

    @Test
    void the_timeouts_of_requests_and_responses_do_not_apply_to_a_tunnel() throws IOException {
        restart(ProxyFixture.at(
                b -> b.timeouts(ShortTimeouts.allLong()
                        .request(ShortTimeouts.tunnel().tunnel())
                        .responseSilence(ShortTimeouts.tunnel().tunnel())
                        .requestBody(ShortTimeouts.tunnel().tunnel())
                        .responseHead(ShortTimeouts.tunnel().tunnel())
                        .clientIdle(ShortTimeouts.tunnel().tunnel())
                        .build()),
                server.address()));
        long end = System.nanoTime() + 400_000_000;
        Await.until("time passes", () -> System.nanoTime() - end > 0);

        far.send("still open");

        assertThat(client.exactly(10)).isEqualTo("still open");
    }

    @Test
    void a_server_that_takes_no_byte_ends_the_tunnel_after_the_timeout_of_writing() throws Exception {
        restart(ProxyFixture.at(b -> b.timeouts(ShortTimeouts.writeStall()), server.address()));
        AtomicLong sent = new AtomicLong();
        RawClient near = client;
        Thread sending = started(() -> sendForEver(near, sent));

        fixture.awaitOutcomes("s1 abandoned");
        sending.join();
    }

    @Test
    void a_client_that_takes_no_byte_ends_the_tunnel_after_the_timeout_of_writing() throws Exception {
        restart(ProxyFixture.at(b -> b.timeouts(ShortTimeouts.writeStall()), server.address()));
        AtomicLong sent = new AtomicLong();
        RawClient remote = far;
        Thread sending = started(() -> sendForEver(remote, sent));

        fixture.awaitOutcomes("s1 abandoned");
        sending.join();
    }

    private static Thread started(Runnable work) {
        Thread thread = new Thread(work, "tunnel-test");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static byte[] bytesOf(RawClient from) {
        try {
            return from.in().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sendForEver(RawClient sender, AtomicLong sent) {
        byte[] block = new byte[1 << 16];
        try {
            while (true) {
                sender.socket.getOutputStream().write(block);
                sent.addAndGet(block.length);
            }
        } catch (IOException cut) {
            // as it should be
        }
    }

    /** Waits until the number has grown and then stood still for 200 looks, a millisecond apart. */
    private static long standstill(LongSupplier number) {
        long[] last = {0};
        int[] still = {0};
        Await.until("standstill", () -> {
            long now = number.getAsLong();
            still[0] = now == last[0] && now > 0 ? still[0] + 1 : 0;
            last[0] = now;
            return still[0] > 200;
        });
        return last[0];
    }
}
