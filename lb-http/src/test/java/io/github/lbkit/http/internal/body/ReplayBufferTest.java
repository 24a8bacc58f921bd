package io.github.lbkit.http.internal.body;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.wire.ByteSink;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
    @Test
    void buffered_bytes_are_sent_again() {
        ReplayBuffer replay = new ReplayBuffer(10);
        add(replay, "abc");
        add(replay, "defghij");

        assertThat(replay.isWhole()).isTrue();
        assertThat(put(replay, true)).isEqualTo("a\r\nabcdefghij\r\n");
        assertThat(put(replay, false)).isEqualTo("abcdefghij");
    }

    @Test
    void one_byte_too_many_and_nothing_is_left() {
        ReplayBuffer replay = new ReplayBuffer(10);
        add(replay, "abcdefghij");
        add(replay, "k");

        assertThat(replay.isWhole()).isFalse();
        assertThat(put(replay, false)).isEmpty();

        add(replay, "a");
        assertThat(replay.isWhole()).isFalse();
    }

    @Test
    void without_a_byte_it_is_whole_even_if_it_may_hold_none() {
        ReplayBuffer replay = new ReplayBuffer(0);

        assertThat(replay.isWhole()).isTrue();
        add(replay, "a");
        assertThat(replay.isWhole()).isFalse();
    }

    private static void add(ReplayBuffer replay, String text) {
        replay.add(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }

    private static String put(ReplayBuffer replay, boolean chunked) {
        ByteSink out = new ByteSink(64);
        replay.putTo(out, chunked);
        return new String(out.array(), 0, out.size(), StandardCharsets.US_ASCII);
    }
}
