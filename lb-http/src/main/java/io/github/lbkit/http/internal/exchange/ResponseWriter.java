package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.write.HeadWriter;
import io.github.lbkit.http.internal.wire.write.HttpDate;
import io.github.lbkit.http.internal.wire.write.StatusLine;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Writes responses that are made here. Confined to its loop. */
final class ResponseWriter {
    private final HttpDate date = new HttpDate();
    private final InstantSource time;

    /** A writer whose Date fields tell this time. */
    ResponseWriter(InstantSource time) {
        this.time = time;
    }

    void putDate(ByteSink out) {
        date.putField(time.millis() / 1000, out);
    }

    /** Puts what the proxy says about the client's connection. */
    static void putConnection(@Nullable ClientRequest request, boolean keepAlive, ByteSink out) {
        if (!keepAlive) {
            out.put(HeadWriter.CONNECTION_CLOSE);
        } else if (request != null && request.isHttp10()) {
            out.put(HeadWriter.CONNECTION_KEEP_ALIVE);
        }
    }

    /**
     * Puts a whole response.
     *
     * @param request what it answers; null if that could not be read
     * @return the length of the body that was put
     */
    long put(LocalResponse response, @Nullable ClientRequest request, boolean keepAlive, ByteSink out) {
        int status = response.status();
        boolean hasId = putStart(response, out);
        boolean mayHaveBody = status != 204 && status != 304;
        if (mayHaveBody) {
            out.put("Content-Length: ").putDecimal(response.body().length).crlf();
        }
        putEnd(request, hasId, keepAlive, out);
        if (!mayHaveBody || (request != null && request.toHead())) {
            return 0;
        }
        out.put(response.body());
        return response.body().length;
    }

    /** Puts the head of a response whose body comes as it is made: chunked, or up to the end of the connection. */
    void putStreamedHead(LocalResponse response, ClientRequest request, boolean keepAlive, ByteSink out) {
        boolean hasId = putStart(response, out);
        if (!request.isHttp10()) {
            out.put("Transfer-Encoding: chunked").crlf();
        }
        putEnd(request, hasId, keepAlive, out);
    }

    private boolean putStart(LocalResponse response, ByteSink out) {
        StatusLine.put(response.status(), out);
        putDate(out);
        boolean hasId = false;
        for (LocalResponse.Field field : response.fields()) {
            int known = knownOf(field.name());
            if (mayStand(known)) {
                out.put(field.name()).put(": ").put(field.value()).crlf();
                hasId |= known == FieldName.X_REQUEST_ID;
            }
        }
        return hasId;
    }

    private static void putEnd(@Nullable ClientRequest request, boolean hasId, boolean keepAlive, ByteSink out) {
        if (request != null && !hasId) {
            request.forwarded().id().putField(out);
        }
        putConnection(request, keepAlive, out);
        out.crlf();
    }

    /** Framing, date and connection are the proxy's own. */
    private static boolean mayStand(int known) {
        return known == FieldName.OTHER || known == FieldName.X_REQUEST_ID;
    }

    private static int knownOf(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return FieldName.of(bytes, 0, bytes.length);
    }
}
