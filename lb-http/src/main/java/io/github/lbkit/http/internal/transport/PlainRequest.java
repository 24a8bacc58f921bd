package io.github.lbkit.http.internal.transport;

import java.nio.charset.StandardCharsets;

/** A request without TLS on a port that speaks TLS, and the response to it. Stateless. */
final class PlainRequest {
    private static final int MAX_METHOD = 20;
    private static final String BODY = "This port speaks TLS: use https://\n";

    /** The complete response. */
    static final byte[] RESPONSE = ("HTTP/1.1 400 Bad Request\r\n"
                    + "Content-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Length: " + BODY.length() + "\r\n"
                    + "Connection: close\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private PlainRequest() {}

    /** Returns whether these bytes begin with the method of a request and a blank. No TLS record begins so. */
    static boolean isBegin(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && at - from < MAX_METHOD && bytes[at] >= 'A' && bytes[at] <= 'Z') {
            at++;
        }
        return at > from && at < to && bytes[at] == ' ';
    }

    /** Returns whether these bytes are a part of a method, so that more bytes are needed for the decision. */
    static boolean isIncomplete(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] < 'A' || bytes[at] > 'Z') {
                return false;
            }
        }
        return to - from < MAX_METHOD;
    }
}
