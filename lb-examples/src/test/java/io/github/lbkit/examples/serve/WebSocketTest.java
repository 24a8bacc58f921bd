package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import io.github.lbkit.examples.testing.WebSocketEcho;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of WebSocket connections through {@code serve}, with the WebSocket client of the JDK. */
class WebSocketTest {
    private static final long SEED = 20_261_129;

    @TempDir
    Path dir;

    @Test
    void messages_come_back_whole_and_in_order_and_the_connection_closes_in_order() throws Exception {
        Random random = new Random(SEED);
        try (WebSocketEcho server = new WebSocketEcho();
                RunningBalancer serve = serve(server)) {
            Messages received = new Messages();
            WebSocket socket = connect(serve, received);
            assertThat(RawHttp.get(serve.admin, "/servers").body()).contains("\"inFlight\":1");

            for (int i = 0; i < 500; i++) {
                byte[] message = new byte[random.nextInt(1 + random.nextInt(i < 490 ? 3_000 : 500_000))];
                random.nextBytes(message);
                socket.sendBinary(ByteBuffer.wrap(message), true).get(20, TimeUnit.SECONDS);
                assertThat(received.next()).as("message %d of seed %d", i, SEED).isEqualTo(message);
            }
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(20, TimeUnit.SECONDS);

            assertThat(received.closed.get(20, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
            RunningBalancer.await("nothing in flight", () -> noneInFlight(serve));
        }
    }

    @Test
    void without_upgrades_the_handshake_of_a_web_socket_fails() throws Exception {
        try (WebSocketEcho server = new WebSocketEcho();
                RunningBalancer serve = serve(server, "--upgrade=off")) {
            assertThatThrownBy(() -> connect(serve, new Messages())).isInstanceOf(ExecutionException.class);
        }
    }

    private RunningBalancer serve(WebSocketEcho server, String... more) throws Exception {
        String[] all = new String[more.length + 1];
        all[0] = "--pool=static:http://" + server.authority();
        System.arraycopy(more, 0, all, 1, more.length);
        return new RunningBalancer(dir, all);
    }

    private static WebSocket connect(RunningBalancer serve, Messages received) throws Exception {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + serve.traffic.getPort() + "/echo"), received)
                .get(20, TimeUnit.SECONDS);
    }

    private static boolean noneInFlight(RunningBalancer serve) {
        try {
            return RawHttp.get(serve.admin, "/servers").body().contains("\"inFlight\":0");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The messages that a client has received. */
    private static final class Messages implements WebSocket.Listener {
        private final ByteArrayOutputStream part = new ByteArrayOutputStream();
        private final BlockingQueue<byte[]> whole = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        byte[] next() throws InterruptedException {
            byte[] message = whole.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message within 20 s");
            }
            return message;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            part.writeBytes(bytes);
            if (last) {
                whole.add(part.toByteArray());
                part.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return null;
        }
    }
}
