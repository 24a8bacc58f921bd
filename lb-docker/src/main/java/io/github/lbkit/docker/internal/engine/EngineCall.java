package io.github.lbkit.docker.internal.engine;

import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One question to the engine, or one order. Every one of them may be sent again when a connection breaks: names,
 * generations and version numbers see to it that the second finds what the first has done. Immutable.
 *
 * @param method of HTTP
 * @param path with its query, without the version of the API
 * @param body opens what is sent, each time anew; nothing is sent if empty
 * @param type the media type of the body
 * @param within how long it may take, to the last byte of the answer
 */
public record EngineCall(
        String method, String path, Optional<Supplier<InputStream>> body, String type, Duration within) {
    /** How long a call may take unless told otherwise. */
    public static final Duration USUAL = Duration.ofSeconds(10);

    private static final String JSON = "application/json";
    private static final String TAR = "application/x-tar";

    /** Asks. */
    public static EngineCall get(String path) {
        return new EngineCall("GET", path, Optional.empty(), JSON, USUAL);
    }

    /** Orders, without more words. */
    public static EngineCall post(String path) {
        return new EngineCall("POST", path, Optional.empty(), JSON, USUAL);
    }

    /** Orders. */
    public static EngineCall post(String path, Json body) {
        byte[] bytes = body.bytes();
        return new EngineCall("POST", path, Optional.of(() -> new java.io.ByteArrayInputStream(bytes)), JSON, USUAL);
    }

    /** Orders, with an archive of files. */
    public static EngineCall post(String path, Supplier<InputStream> tar) {
        return new EngineCall("POST", path, Optional.of(tar), TAR, USUAL);
    }

    /** Puts an archive of files. */
    public static EngineCall put(String path, byte[] tar) {
        return new EngineCall("PUT", path, Optional.of(() -> new java.io.ByteArrayInputStream(tar)), TAR, USUAL);
    }

    /** Removes. */
    public static EngineCall delete(String path) {
        return new EngineCall("DELETE", path, Optional.empty(), JSON, USUAL);
    }

    /** The same with another deadline. */
    public EngineCall within(Duration other) {
        return new EngineCall(method, path, body, type, other);
    }

    @Override
    public String toString() {
        int query = path.indexOf('?');
        return method + " " + (query < 0 ? path : path.substring(0, query));
    }
}
