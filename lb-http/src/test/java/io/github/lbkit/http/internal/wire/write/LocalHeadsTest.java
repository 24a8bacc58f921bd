package io.github.lbkit.http.internal.wire.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Messages;
import io.github.lbkit.http.internal.wire.Octets;
import io.github.lbkit.http.internal.wire.body.ChunkDecoder;
import io.github.lbkit.http.internal.wire.body.Trailers;
import java.time.Instant;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What stands in heads that begin here: status lines, dates; and what may stand in trailers. */
class LocalHeadsTest {
    private final ByteSink sink = new ByteSink(16);

    @Test
    void every_status_has_a_line_that_parses() throws BadMessageException {
        for (int status = 100; status < 600; status++) {
            sink.clear();
            StatusLine.put(status, sink);
            Head head = Messages.response(Messages.content(sink.crlf()));

            assertThat(head.status()).isEqualTo(status);
            assertThat(head.reason()).isEqualTo(StatusLine.reason(status));
        }
        assertThat(StatusLine.reason(503)).isEqualTo("Service Unavailable");
    }

    @Test
    void a_date_is_in_the_format_of_http_and_is_made_once_a_second() {
        HttpDate date = new HttpDate();
        long second = Instant.parse("1994-11-06T08:49:37Z").getEpochSecond();

        byte[] value = date.value(second);

        assertThat(Messages.text(value, 0, value.length)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(date.value(second)).isSameAs(value);
        date.putField(second + 1, sink);
        assertThat(Messages.content(sink)).isEqualTo("Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
    }

    @Test
    void trailers_that_frame_route_or_authenticate_do_not_go_on() throws BadMessageException {
        ChunkDecoder decoder = new ChunkDecoder(1000, 20);
        String lines = """
                0
                Checksum: 1
                Content-Length: 5
                Transfer-Encoding: chunked
                Host: b
                Authorization: c
                Set-Cookie: d
                X-Forwarded-For: e
                X_Request_Id: f
                Connection: g
                Server-Timing: h

                """;
        byte[] body = Messages.bytes(lines.replace("\n", "\r\n"));
        assertThat(decoder.decode(body, 0, body.length)).isEqualTo(body.length);

        Trailers.putLastChunk(Objects.requireNonNull(decoder.trailers()), sink);

        assertThat(Messages.content(sink)).isEqualTo("0\r\nChecksum: 1\r\nServer-Timing: h\r\n\r\n");
    }

    @Property(tries = 2000)
    void values_are_scanned_by_words_as_by_bytes(@ForAll byte[] bytes) {
        assertThat(Octets.skipValue(bytes, 0, bytes.length))
                .isEqualTo(Octets.skip(bytes, 0, bytes.length, Octets.VALUE));
    }

    @Test
    void every_byte_at_every_place_of_a_word_is_judged_alike() {
        for (int value = 0; value < 256; value++) {
            for (int place = 0; place < 24; place++) {
                byte[] bytes = Messages.bytes("a\u00ff\u0080b c~\u00e9".repeat(3));
                bytes[place] = (byte) value;

                assertThat(Octets.skipValue(bytes, 0, bytes.length))
                        .isEqualTo(Octets.skip(bytes, 0, bytes.length, Octets.VALUE));
            }
        }
    }
}
