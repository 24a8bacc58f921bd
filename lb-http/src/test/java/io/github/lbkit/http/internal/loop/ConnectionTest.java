package io.github.lbkit.http.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.transport.FakeTransport;
import io.github.lbkit.http.internal.transport.Transport;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection over a transport that holds bytes, as one with TLS does. */
class ConnectionTest {
    private final FakeTransport transport = new FakeTransport();
    private final EventLoop loop = new EventLoop("loop-under-test", System::nanoTime);
    private final Recording connection = new Recording(loop, transport);

    ConnectionTest() throws IOException {}

    @BeforeEach
    void start() throws Exception {
        loop.start();
        onLoop(() -> connection.begin());
    }

    @AfterEach
    void stop() {
        loop.stop();
        assertThat(loop.awaitEnd(TimeUnit.SECONDS.toNanos(20))).isTrue();
    }

    @Test
    void input_that_no_event_reports_is_read_when_reading_resumes() throws Exception {
        onLoop(() -> {
            connection.listen(false);
            transport.receive("abc");
            connection.listen(true);
        });

        onLoop(() -> {});

        assertThat(connection.events).containsExactly("abc");
    }

    @Test
    void a_delegated_task_that_has_ended_resumes_reading() throws Exception {
        onLoop(() -> {
            transport.receive("abc");
            transport.resume();
        });

        assertThat(connection.events).containsExactly("abc");
    }

    @Test
    void output_is_unsent_until_the_transport_has_flushed_it() throws Exception {
        transport.flushesAtOnce = false;

        onLoop(() -> {
            assertThat(connection.send("abc".getBytes(StandardCharsets.US_ASCII), 0, 3))
                    .isTrue();
            assertThat(connection.hasUnsent()).isTrue();
            connection.ready(SelectionKey.OP_WRITE);
            assertThat(connection.hasUnsent()).isFalse();
        });

        assertThat(connection.events).containsExactly("drained");
        assertThat(transport.flushed()).isEqualTo("abc");
    }

    @Test
    void an_input_without_its_orderly_end_is_truncated() throws Exception {
        transport.end = Transport.TRUNCATED;

        onLoop(() -> connection.ready(SelectionKey.OP_READ));

        assertThat(connection.events).containsExactly("truncated");
    }

    @Test
    void an_orderly_end_is_not_truncated() throws Exception {
        transport.end = Transport.END;

        onLoop(() -> connection.ready(SelectionKey.OP_READ));

        assertThat(connection.events).containsExactly("ended");
    }

    private void onLoop(Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                task.run();
                loop.defer(() -> done.complete(null));
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        done.get(20, TimeUnit.SECONDS);
    }

    /** A connection that records its events. */
    private static final class Recording extends Connection {
        private final List<String> events = new ArrayList<>();

        Recording(EventLoop loop, Transport transport) {
            super(loop, transport);
        }

        void begin() {
            try {
                watch();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void listen(boolean on) {
            wantInput(on);
        }

        @Override
        protected void received(Input input, boolean ended) {
            if (ended) {
                events.add(isInputTruncated() ? "truncated" : "ended");
            } else {
                events.add(new String(input.bytes(), input.from(), input.size(), StandardCharsets.US_ASCII));
                input.clear();
            }
        }

        @Override
        protected void drained() {
            events.add("drained");
        }

        @Override
        protected void outputProgressed() {}

        @Override
        protected void failed(Throwable cause) {
            events.add(cause.toString());
        }

        @Override
        protected void ended() {}
    }
}
