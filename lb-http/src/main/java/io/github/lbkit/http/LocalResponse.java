package io.github.lbkit.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A response made here; framing, {@code Date} and connection fields are the proxy's. Immutable, unless someone writes
 * into the body.
 *
 * @param status 200 to 599
 * @param fields in order
 * @param body not sent in answer to HEAD, nor with 204 and 304
 */
@SuppressWarnings("ArrayRecordComponent") // bodies pass through once, uncompared
public record LocalResponse(int status, List<Field> fields, byte[] body) {
    /**
     * One header field.
     *
     * @param name a token
     * @param value visible characters and inner blanks
     */
    public record Field(String name, String value) {
        /** Checks, so that no value ends a line. */
        public Field {
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw new IllegalArgumentException("'" + name + "' is not the name of a field");
            }
            if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
                throw new IllegalArgumentException("the value of " + name + " has a character that no field may have");
            }
        }
    }

    /** Checks and copies the fields. */
    public LocalResponse {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status " + status + " is not within 200 to 599");
        }
        fields = List.copyOf(fields);
    }

    /** A response with a body of this content type. */
    public static LocalResponse of(int status, String contentType, byte[] body) {
        return new LocalResponse(status, List.of(new Field("Content-Type", contentType)), body);
    }

    /** A response with text in UTF-8. */
    public static LocalResponse text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A response with JSON. */
    public static LocalResponse json(int status, String json) {
        return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** This response with a field more. */
    public LocalResponse with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new LocalResponse(status, more, body);
    }
}
