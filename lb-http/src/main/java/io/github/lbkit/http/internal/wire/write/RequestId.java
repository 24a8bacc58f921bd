package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import java.nio.charset.StandardCharsets;

/**
 * The id of the current request of a connection, as bytes: the client's own id or a new one. Confined to one thread.
 */
public final class RequestId {
    private static final int NEW_LENGTH = 32;
    private static final byte[] NAME = "X-Request-Id: ".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[NEW_LENGTH];
    private int length;

    /** Assigns the id of a request: its own id if it has exactly one and that is acceptable, otherwise a new id. */
    public void assign(Head request, RequestIds ids) {
        int field = request.find(FieldName.X_REQUEST_ID);
        if (field >= 0 && request.findNext(FieldName.X_REQUEST_ID, field + 1) < 0) {
            int from = request.valueStart(field);
            int to = request.valueEnd(field);
            if (RequestIds.isAcceptable(request.bytes(), from, to)) {
                length = to - from;
                if (bytes.length < length) {
                    bytes = new byte[RequestIds.MAX_LENGTH];
                }
                System.arraycopy(request.bytes(), from, bytes, 0, length);
                return;
            }
        }
        length = ids.write(bytes, 0);
    }

    /** Appends the id. */
    public void put(ByteSink out) {
        out.put(bytes, 0, length);
    }

    /** Appends a field line with the id. */
    public void putField(ByteSink out) {
        out.put(NAME).put(bytes, 0, length).crlf();
    }

    /** Returns the id. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
