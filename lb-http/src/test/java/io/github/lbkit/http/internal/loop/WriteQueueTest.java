package io.github.lbkit.http.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.transport.FakeTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    @Test
    void bytes_are_written_in_order_as_far_as_the_transport_accepts_them() throws IOException {
        FakeTransport transport = new FakeTransport();
        WriteQueue queue = new WriteQueue(bytes("xabcdex"), 1, 6);
        transport.accepts = 2;
        assertThat(queue.writeTo(transport)).isEqualTo(2);
        queue.add(bytes("fghi"), 0, 3);
        assertThat(queue.size()).isEqualTo(6);
        assertThat(queue.isEmpty()).isFalse();

        transport.accepts = 100;

        assertThat(queue.writeTo(transport)).isEqualTo(6);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(transport.flushed()).isEqualTo("abcdefgh");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
