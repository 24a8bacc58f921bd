package io.github.lbkit.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A response that the application creates instead of a server. The proxy adds the framing, {@code Date} and the
 * connection fields. Immutable, provided that the body is not changed.
 *
 * @param status the status, 200 to 599
 * @param fields the fields in their order
 * @param body the body; not sent with 204 and 304, nor in a response to HEAD
 */
@SuppressWarnings("ArrayRecordComponent") // each body is used once and never compared
public record LocalResponse(int status, List<Field> fields, byte[] body) {
    /**
     * A header field.
     *
     * @param name the name, a token
     * @param value visible characters and blanks between them
     */
    public record Field(String name, String value) {
        /** Checks that neither name nor value can end the line. */
        public Field {
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw new IllegalArgumentException("field name '" + name + "' is not a token");
            }
            if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
                throw new IllegalArgumentException(
                        "the value of field " + name + " contains a character that is not allowed");
            }
        }
    }

    /** Checks the status and copies the fields. */
    public LocalResponse {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status " + status + " is not within 200 to 599");
        }
        fields = List.copyOf(fields);
    }

    /** Returns a response with a body of this content type. */
    public static LocalResponse of(int status, String contentType, byte[] body) {
        return new LocalResponse(status, List.of(new Field("Content-Type", contentType)), body);
    }

    /** Returns a response with text in UTF-8. */
    public static LocalResponse text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a response with JSON. */
    public static LocalResponse json(int status, String json) {
        return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a copy of this response with another field. */
    public LocalResponse with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new LocalResponse(status, more, body);
    }
}
