package io.github.lbkit.http.internal.wire.body;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.GeneratedHeads;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.Messages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpRequestFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.DefaultClassicHttpRequestFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParser;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.message.BasicLineParser;

/** Apache HttpCore reads the same messages: whatever we accept it accepts too, and means the same by it. */
class OracleTest {
    @Property(tries = 1000, shrinking = ShrinkingMode.BOUNDED)
    void httpcore_and_lbkit_read_a_valid_request_alike(@ForAll("requests") String message) throws Exception {
        byte[] bytes = Messages.bytes(message);

        assertThat(theirRequest(bytes)).isEqualTo(ourRequest(bytes).orElseThrow());
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.BOUNDED)
    void httpcore_and_lbkit_read_a_valid_response_alike(@ForAll("responses") String message) throws Exception {
        byte[] bytes = Messages.bytes(message);

        assertThat(theirResponse(bytes)).isEqualTo(ourResponse(bytes).orElseThrow());
    }

    @Property(tries = 8000, shrinking = ShrinkingMode.BOUNDED)
    void httpcore_and_lbkit_read_accepted_mutated_requests_alike(@ForAll("mutatedRequests") byte[] message)
            throws Exception {
        Optional<String> ours = ourRequest(message);

        if (ours.isPresent()) {
            assertThat(theirRequest(message)).isEqualTo(ours.get());
        }
    }

    @Property(tries = 4000, shrinking = ShrinkingMode.BOUNDED)
    void httpcore_and_lbkit_read_accepted_mutated_responses_alike(@ForAll("mutatedResponses") byte[] message)
            throws Exception {
        Optional<String> ours = ourResponse(message);

        if (ours.isPresent()) {
            assertThat(theirResponse(message)).isEqualTo(ours.get());
        }
    }

    @Property(tries = 4000, shrinking = ShrinkingMode.BOUNDED)
    void httpcore_and_lbkit_read_accepted_mutated_chunks_alike(@ForAll("mutatedBodies") byte[] body) throws Exception {
        String ours = ChunkedBodies.decoded(body);

        if (ours.startsWith("complete")) {
            assertThat(theirBody(body)).isEqualTo(ours.substring(ours.indexOf(": ") + 2));
        }
    }

    private static Optional<String> ourRequest(byte[] message) {
        HeadParser parser = Messages.parser(true);
        try {
            if (!parser.parse(message, 0, message.length)) {
                return Optional.empty();
            }
        } catch (BadMessageException e) {
            return Optional.empty();
        }
        Head head = parser.head();
        return Optional.of(head.method() + " " + head.target() + fields(head));
    }

    private static Optional<String> ourResponse(byte[] message) {
        HeadParser parser = Messages.parser(false);
        try {
            if (!parser.parse(message, 0, message.length)) {
                return Optional.empty();
            }
        } catch (BadMessageException e) {
            return Optional.empty();
        }
        Head head = parser.head();
        return Optional.of(head.status() + " " + head.reason().strip() + fields(head));
    }

    private static String fields(Head head) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < head.fieldCount(); i++) {
            fields.add(head.name(i) + "=" + head.value(i));
        }
        return " HTTP/1." + head.versionMinor() + fields;
    }

    private static String theirRequest(byte[] message) throws IOException, HttpException {
        AtomicReference<String> target = new AtomicReference<>();
        HttpRequestFactory<ClassicHttpRequest> keepingTheTarget = new DefaultClassicHttpRequestFactory() {
            @Override
            public ClassicHttpRequest newHttpRequest(String method, String uri) {
                target.set(uri);
                return super.newHttpRequest(method, "/");
            }
        };
        ClassicHttpRequest request = new DefaultHttpRequestParser(
                        Http1Config.DEFAULT, BasicLineParser.INSTANCE, keepingTheTarget)
                .parse(buffer(), new ByteArrayInputStream(message));
        return request.getMethod() + " " + target.get() + fields(request);
    }

    private static String theirResponse(byte[] message) throws IOException, HttpException {
        ClassicHttpResponse response =
                new DefaultHttpResponseParser(Http1Config.DEFAULT).parse(buffer(), new ByteArrayInputStream(message));
        return response.getCode() + " " + response.getReasonPhrase().strip() + fields(response);
    }

    private static String fields(HttpMessage message) {
        List<String> fields = new ArrayList<>();
        for (Header header : message.getHeaders()) {
            fields.add(header.getName() + "=" + header.getValue());
        }
        return " HTTP/1." + Math.min(message.getVersion().getMinor(), 1) + fields;
    }

    private static String theirBody(byte[] body) throws IOException {
        try (ChunkedInputStream in = new ChunkedInputStream(buffer(), new ByteArrayInputStream(body))) {
            byte[] data = in.readAllBytes();
            return Messages.text(data, 0, data.length);
        }
    }

    private static SessionInputBufferImpl buffer() {
        return new SessionInputBufferImpl(8192);
    }

    @Provide
    Arbitrary<String> requests() {
        return GeneratedHeads.requests();
    }

    @Provide
    Arbitrary<String> responses() {
        return GeneratedHeads.responses();
    }

    @Provide
    Arbitrary<byte[]> mutatedRequests() {
        return GeneratedHeads.mutated(GeneratedHeads.requests());
    }

    @Provide
    Arbitrary<byte[]> mutatedResponses() {
        return GeneratedHeads.mutated(GeneratedHeads.responses());
    }

    @Provide
    Arbitrary<byte[]> mutatedBodies() {
        return GeneratedHeads.mutated(ChunkedBodies.bodies());
    }
}
