package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.exchange.ClientRequest;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.UpgradeFields;
import io.github.lbkit.http.internal.wire.body.Framing;
import io.github.lbkit.http.internal.wire.write.HeadWriter;
import io.github.lbkit.http.internal.wire.write.HttpDate;
import io.github.lbkit.http.internal.wire.write.StatusLine;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A writer of responses in HTTP/1.1. Confined to its loop. */
public final class ResponseWriter {
    private final HttpDate date = new HttpDate();
    private static final String HSTS = "Strict-Transport-Security";

    private final InstantSource time;

    /** The max-age of the Strict-Transport-Security field, in seconds; negative if responses get no such field. */
    private final long hstsSeconds;

    /**
     * Creates a writer.
     *
     * @param time the time of the Date fields
     * @param hstsSeconds the max-age of the Strict-Transport-Security field of responses without such a field, in
     *     seconds; negative for none
     */
    public ResponseWriter(InstantSource time, long hstsSeconds) {
        this.time = time;
        this.hstsSeconds = hstsSeconds;
    }

    /** Appends the head of a server's response, with the fields of the proxy and the empty line. */
    void putHead(Head head, long framing, ClientRequest request, boolean keepAlive, ByteSink out) {
        HeadWriter.writeResponse(head, framing, out);
        putOwnFields(head, request, out);
        putConnection(request, keepAlive, out);
        out.crlf();
    }

    /** Appends the head of a server's response 101, with the fields of the proxy and the empty line. */
    void putSwitch(Head head, ClientRequest request, ByteSink out) {
        HeadWriter.writeResponse(head, Framing.NONE, out);
        putOwnFields(head, request, out);
        HeadWriter.writeUpgrade(String.join(", ", UpgradeFields.protocols(head)), out);
        out.crlf();
    }

    private void putOwnFields(Head head, ClientRequest request, ByteSink out) {
        boolean hasId = head.find(FieldName.X_REQUEST_ID) >= 0;
        if (!hasId) {
            request.forwarded().id().putField(out);
        }
        if (head.find(FieldName.DATE) < 0) {
            putDate(out);
        }
        if (hstsSeconds >= 0 && head.find(HSTS) < 0) {
            putHsts(out);
        }
    }

    private void putDate(ByteSink out) {
        date.putField(time.millis() / 1000, out);
    }

    private void putHsts(ByteSink out) {
        out.put(HSTS).put(": max-age=").putDecimal(hstsSeconds).crlf();
    }

    private static void putConnection(@Nullable ClientRequest request, boolean keepAlive, ByteSink out) {
        if (!keepAlive) {
            out.put(HeadWriter.CONNECTION_CLOSE);
        } else if (request != null && request.isHttp10()) {
            out.put(HeadWriter.CONNECTION_KEEP_ALIVE);
        }
    }

    /**
     * Appends a complete response.
     *
     * @param request the request; null if its head could not be read
     * @return the length of the body that was appended
     */
    long put(LocalResponse response, @Nullable ClientRequest request, boolean keepAlive, ByteSink out) {
        int status = response.status();
        boolean hasId = putStart(response, out);
        boolean mayHaveBody = status != 204 && status != 304;
        if (mayHaveBody) {
            out.put("Content-Length: ").putDecimal(response.body().length).crlf();
        }
        putEnd(request, hasId, keepAlive, out);
        if (!mayHaveBody || (request != null && request.isHead())) {
            return 0;
        }
        out.put(response.body());
        return response.body().length;
    }

    /** Appends the head of a streamed response: the body is chunked, or ends with the connection in HTTP/1.0. */
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
        boolean hasHsts = hstsSeconds < 0;
        for (LocalResponse.Field field : response.fields()) {
            int known = knownOf(field.name());
            if (isAllowed(known)) {
                out.put(field.name()).put(": ").put(field.value()).crlf();
                hasId |= known == FieldName.X_REQUEST_ID;
                hasHsts = hasHsts || field.name().equalsIgnoreCase(HSTS);
            }
        }
        if (!hasHsts) {
            putHsts(out);
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

    /** Returns whether a response may set the field. Framing, date and connection belong to the proxy. */
    private static boolean isAllowed(int known) {
        return known == FieldName.OTHER || known == FieldName.X_REQUEST_ID;
    }

    private static int knownOf(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return FieldName.of(bytes, 0, bytes.length);
    }
}
