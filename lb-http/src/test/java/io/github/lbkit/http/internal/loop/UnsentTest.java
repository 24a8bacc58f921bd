package io.github.lbkit.http.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnsentTest {
    private final Taking socket = new Taking();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4);

    @Test
    void bytes_go_out_in_order_as_far_as_the_socket_takes_them() throws IOException {
        Unsent unsent = new Unsent(bytes("xabcdex"), 1, 6);
        socket.takes = 2;
        assertThat(unsent.flush(socket, buffer)).isEqualTo(2);
        unsent.add(bytes("fghi"), 0, 3);
        assertThat(unsent.isEmpty()).isFalse();

        socket.takes = 100;

        assertThat(unsent.flush(socket, buffer)).isEqualTo(6);
        assertThat(unsent.isEmpty()).isTrue();
        assertThat(socket.taken.toString(StandardCharsets.US_ASCII)).isEqualTo("abcdefgh");
    }

    @Test
    void a_fault_after_some_bytes_does_not_hide_that_they_are_gone() throws IOException {
        socket.takes = 4;
        socket.breaksThen = true;

        assertThat(Unsent.write(socket, buffer, bytes("abcdefgh"), 0, 8)).isEqualTo(4);
        assertThatThrownBy(() -> Unsent.write(socket, buffer, bytes("efgh"), 0, 4))
                .isInstanceOf(IOException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A socket that takes so many bytes and then no more, or breaks. */
    private static final class Taking implements Transport {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int takes;
        private boolean breaksThen;

        @Override
        public int write(ByteBuffer from) throws IOException {
            if (takes == 0 && breaksThen) {
                throw new IOException("broken");
            }
            int count = Math.min(takes, from.remaining());
            for (int i = 0; i < count; i++) {
                taken.write(from.get());
            }
            takes -= count;
            return count;
        }

        @Override
        public SelectableChannel channel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean connect(SocketAddress address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean finishConnect() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public void close() {}

        @Override
        public void reset() {}
    }
}
