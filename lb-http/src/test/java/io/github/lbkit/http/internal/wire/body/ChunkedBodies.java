package io.github.lbkit.http.internal.wire.body;

import static io.github.lbkit.http.internal.wire.Messages.text;

import io.github.lbkit.http.internal.wire.BadMessageException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Chunked bodies for tests: a generator, and the outcome of decoding. Stateless. */
public final class ChunkedBodies {
    static final int MAX_TRAILERS = 200;
    static final int MAX_TRAILER_FIELDS = 5;

    private ChunkedBodies() {}

    /** Valid chunked bodies. */
    public static Arbitrary<String> bodies() {
        Arbitrary<String> extension = Arbitraries.of("", "", ";a", ";a=b", ";a=\"b \\\" c\"");
        Arbitrary<String> chunk = Combinators.combine(
                        Arbitraries.strings()
                                .withCharRange('\0', '\u00ff')
                                .ofMinLength(1)
                                .ofMaxLength(40),
                        extension,
                        Arbitraries.of("%x", "%X", "%04x"))
                .as((data, ext, format) -> String.format(format, data.length()) + ext + "\r\n" + data + "\r\n");
        Arbitrary<String> trailers = Arbitraries.of("", "", "A: b\r\n", "A:b\r\nC-D: e f\r\n");
        return Combinators.combine(chunk.list().ofMaxSize(5), extension, trailers)
                .as((chunks, ext, trailer) -> String.join("", chunks) + "0" + ext + "\r\n" + trailer + "\r\n");
    }

    /** What comes of a body that arrives in parts. */
    public static String decoded(byte[] body, int... cuts) {
        ChunkDecoder decoder = new ChunkDecoder(MAX_TRAILERS, MAX_TRAILER_FIELDS);
        StringBuilder data = new StringBuilder();
        int at = 0;
        try {
            for (int part = 0; part <= cuts.length; part++) {
                int arrived = part < cuts.length ? cuts[part] : body.length;
                while (at < arrived && !decoder.complete()) {
                    at = decoder.decode(body, at, arrived);
                    data.append(text(body, decoder.dataStart(), decoder.dataEnd()));
                }
            }
        } catch (BadMessageException e) {
            return e.status() + " " + e.reason() + ": " + data;
        }
        return (decoder.complete() ? "complete at " + at : "incomplete") + ": " + data;
    }
}
