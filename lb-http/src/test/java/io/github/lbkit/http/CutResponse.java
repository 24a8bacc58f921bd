package io.github.lbkit.http;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells whether a response ends before it is complete. */
final class CutResponse {
    private CutResponse() {}

    /** Reads the rest of a chunked response; whether it was cut. */
    static boolean restOf(RawClient client) {
        try {
            return !client.readToEnd().endsWith("0\r\n\r\n");
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    /** Reads a response; whether it was cut: by an end too early, or by a reset. */
    static boolean of(RawClient client) {
        try {
            client.read();
            return false;
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            if (cause instanceof java.net.SocketTimeoutException) {
                throw e;
            }
            return true;
        }
    }
}
