package io.github.lbkit.http.internal.wire.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Messages;
import org.junit.jupiter.api.Test;

class ChunkEncoderTest {
    @Test
    void a_chunk_is_framed_and_an_empty_one_is_not_written() {
        ByteSink sink = new ByteSink(0);
        byte[] data = Messages.bytes("x".repeat(300));
        ChunkEncoder.putChunk(sink, data, 0, 0);
        ChunkEncoder.putChunk(sink, data, 0, 300);
        ChunkEncoder.putLastChunk(sink);

        assertThat(Messages.content(sink)).isEqualTo("12c\r\n" + "x".repeat(300) + "\r\n0\r\n\r\n");
        byte[] header = new byte[ChunkEncoder.MAX_HEADER];
        assertThat(ChunkEncoder.writeHeader(header, 0, Integer.MAX_VALUE)).isEqualTo(header.length);
        assertThat(Messages.text(header, 0, 10)).isEqualTo("7fffffff\r\n");
        assertThatThrownBy(() -> ChunkEncoder.writeHeader(header, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
