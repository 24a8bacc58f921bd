package io.github.lbkit.http.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlainTransportTest {
    private final LimitedChannel channel = new LimitedChannel();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4);

    @Test
    void bytes_are_written_in_order_until_the_channel_takes_no_more() throws IOException {
        channel.accepts = 6;

        assertThat(PlainTransport.write(channel, buffer, bytes("xabcdefghx"), 1, 9))
                .isEqualTo(6);
        assertThat(channel.written.toString(StandardCharsets.US_ASCII)).isEqualTo("abcdef");
    }

    @Test
    void a_failure_after_some_bytes_is_reported_by_the_next_write() throws IOException {
        channel.accepts = 4;
        channel.failsThen = true;

        assertThat(PlainTransport.write(channel, buffer, bytes("abcdefgh"), 0, 8))
                .isEqualTo(4);
        assertThatThrownBy(() -> PlainTransport.write(channel, buffer, bytes("efgh"), 0, 4))
                .isInstanceOf(IOException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A channel that accepts a number of bytes, and then none, or fails. */
    private static final class LimitedChannel implements WritableByteChannel {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private int accepts;
        private boolean failsThen;

        @Override
        public int write(ByteBuffer from) throws IOException {
            if (accepts == 0 && failsThen) {
                throw new IOException("broken");
            }
            int count = Math.min(accepts, from.remaining());
            for (int i = 0; i < count; i++) {
                written.write(from.get());
            }
            accepts -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
