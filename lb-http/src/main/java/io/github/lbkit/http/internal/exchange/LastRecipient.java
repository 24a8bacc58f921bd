package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import java.util.Arrays;
import java.util.List;

/** The responses to an OPTIONS or TRACE request with {@code Max-Forwards: 0} (RFC 9110 7.6.2). Stateless. */
final class LastRecipient {
    private static final LocalResponse OPTIONS = new LocalResponse(
            200,
            List.of(new LocalResponse.Field("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE")),
            new byte[0]);

    /** The fields that a TRACE response omits, because a script could read secrets in it. */
    private static final List<String> SECRET =
            List.of("authorization", "proxy-authorization", "cookie", "cookie2", "x-api-key");

    private LastRecipient() {}

    static LocalResponse response(Head head) {
        return head.methodIs("TRACE") ? LocalResponse.of(200, "message/http", withoutSecrets(head)) : OPTIONS;
    }

    private static byte[] withoutSecrets(Head head) {
        ByteSink out = new ByteSink(head.end() - head.start());
        int firstField = head.fieldCount() > 0 ? head.nameStart(0) : head.end() - 2;
        out.put(head.bytes(), head.start(), firstField);
        for (int i = 0; i < head.fieldCount(); i++) {
            String name = head.name(i);
            if (SECRET.stream().noneMatch(name::equalsIgnoreCase)) {
                out.put(head.bytes(), head.nameStart(i), head.lineEnd(i));
            }
        }
        out.crlf();
        return Arrays.copyOf(out.array(), out.size());
    }
}
