package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests of an access log whose logger blocks or fails. */
@Isolated("it replaces the standard error stream, which the logger writes to")
class AccessLogBlockedTest {
    private static final int REQUESTS = 10_000;
    private static final String PATH = "/" + "x".repeat(500);
    private static final Pattern DROPPED = Pattern.compile("(\\d+) lines of the access log were dropped");

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void restore() {
        gate.countDown();
        System.setErr(before);
    }

    /** The standard error stream of a process whose reader does not read. */
    private final class BlockedPipe extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            synchronized (log) {
                log.write(bytes, offset, length);
            }
        }
    }

    /** A logger's output that fails as it likes. */
    private static final class Failing extends OutputStream {
        @Override
        public void write(int b) {
            throw new IllegalStateException("no output today");
        }
    }

    private static ReverseProxy start(String name) throws IOException {
        return ReverseProxy.builder()
                .name(name)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .loops(1)
                .fallback(0, request -> LocalResponse.text(200, "ok"))
                .accessLog(true)
                .start();
    }

    private String text() {
        synchronized (log) {
            return log.toString(StandardCharsets.UTF_8);
        }
    }

    private long written() {
        return text().lines().filter(line -> line.contains(" GET /xxx")).count();
    }

    private long reported() {
        Matcher matcher = DROPPED.matcher(text());
        long sum = 0;
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }

    private static void end(ReverseProxy proxy) {
        proxy.close();
    }

    private static void request(RawClient client, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(client.get(PATH).status()).isEqualTo(200);
        }
    }

    @Test
    void a_blocked_logger_holds_up_no_request_and_every_line_is_written_or_counted() throws Exception {
        System.setErr(new PrintStream(new BlockedPipe(), true, StandardCharsets.UTF_8));
        try (ReverseProxy proxy = start("blocked-log");
                RawClient client = RawClient.to(proxy)) {
            request(client, REQUESTS);
            assertThat(written()).isZero();
            assertThat(proxy.droppedLogLines()).isBetween(1L, REQUESTS - 1L);

            gate.countDown();

            Await.until(() -> written() + " lines", () -> written() + proxy.droppedLogLines() == REQUESTS);
            Await.until(() -> "a report in " + text(), () -> reported() == proxy.droppedLogLines());
            request(client, 1);
            Await.until(() -> written() + " lines", () -> written() + proxy.droppedLogLines() == REQUESTS + 1);
        }
    }

    @Test
    void a_stop_writes_what_is_queued() throws Exception {
        System.setErr(new PrintStream(new BlockedPipe(), true, StandardCharsets.UTF_8));
        try (ReverseProxy proxy = start("stopping-log");
                RawClient client = RawClient.to(proxy)) {
            request(client, 100);
            client.leave();
            gate.countDown();
            proxy.stop(Duration.ofSeconds(20)).toCompletableFuture().join();
            end(proxy);

            assertThat(written()).isEqualTo(100);
            assertThat(proxy.droppedLogLines()).isZero();
        }
    }

    @Test
    void a_stop_waits_for_a_blocked_logger_within_a_bound_and_counts_what_was_not_written() throws Exception {
        System.setErr(new PrintStream(new BlockedPipe(), true, StandardCharsets.UTF_8));
        try (ReverseProxy proxy = start("cut-log");
                RawClient client = RawClient.to(proxy)) {
            request(client, 100);
            client.leave();

            end(proxy);

            gate.countDown();
            Await.until(() -> written() + " lines", () -> written() + proxy.droppedLogLines() == 100);
            Await.until(
                    "the log's thread has ended",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(t -> t.getName().startsWith("cut-log")));
        }
    }

    @Test
    void a_logger_that_throws_costs_its_line_alone() throws Exception {
        PrintStream failing = new PrintStream(new Failing(), true, StandardCharsets.UTF_8);
        System.setErr(failing);
        try (ReverseProxy proxy = start("failing-log");
                RawClient client = RawClient.to(proxy)) {
            request(client, 10);
            Await.until("every line is dropped", () -> proxy.droppedLogLines() == 10);

            gate.countDown();
            System.setErr(new PrintStream(new BlockedPipe(), true, StandardCharsets.UTF_8));
            request(client, 1);

            Await.until(() -> written() + " lines", () -> written() == 1);
        }
    }
}
