package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.Limits;
import java.util.Optional;
import java.util.function.IntConsumer;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for the size of messages and the number of connections to a server. */
public final class LimitSettings {
    @Option(
            names = "--max-request-line",
            paramLabel = "BYTES",
            defaultValue = "8192",
            description = "the maximum length of a request line in bytes; a longer line is answered 414 (default:"
                    + " ${DEFAULT-VALUE})")
    private int requestLine = 8192;

    @Option(
            names = "--max-request-head",
            paramLabel = "BYTES",
            defaultValue = "16384",
            description = "the maximum length of the head of a request in bytes; a longer head is answered 431"
                    + " (default: ${DEFAULT-VALUE})")
    private int requestHead = 16384;

    @Option(
            names = "--max-request-fields",
            paramLabel = "N",
            defaultValue = "100",
            description = "the maximum number of header fields of a request; more are answered 431"
                    + " (default: ${DEFAULT-VALUE})")
    private int requestFields = 100;

    @Option(
            names = "--max-response-head",
            paramLabel = "BYTES",
            defaultValue = "65536",
            description = "the maximum length of the head of a response in bytes; after a longer head the client"
                    + " gets 502 (default: ${DEFAULT-VALUE})")
    private int responseHead = 65536;

    @Option(
            names = "--max-response-fields",
            paramLabel = "N",
            defaultValue = "200",
            description = "the maximum number of header fields of a response; after more fields the client gets"
                    + " 502 (default: ${DEFAULT-VALUE})")
    private int responseFields = 200;

    @Option(
            names = "--max-body",
            paramLabel = "BYTES",
            description = "the maximum length of the body of a request in bytes; a longer body is answered 413"
                    + " (default: no limit)")
    private Optional<Long> requestBody = Optional.empty();

    @Option(
            names = "--max-server-connections",
            paramLabel = "N",
            defaultValue = "1024",
            description = "the maximum number of connections to one server; each tunnel has a connection of its own"
                    + " (default: ${DEFAULT-VALUE})")
    private int serverConnections = 1024;

    LimitSettings() {}

    /** Returns the limits; refuses values that are not allowed. */
    public Limits limits() {
        Limits.Builder limits = Limits.builder();
        set("--max-request-line", requestLine, limits::requestLine, "64 to 65536");
        set("--max-request-head", requestHead, limits::requestHead, "256 to 262144");
        set("--max-request-fields", requestFields, limits::requestFields, "1 to 1000");
        set("--max-response-head", responseHead, limits::responseHead, "256 to 1048576");
        set("--max-response-fields", responseFields, limits::responseFields, "1 to 1000");
        set("--max-server-connections", serverConnections, limits::connectionsPerServer, "1 to 65535");
        requestBody.ifPresent(bytes -> {
            if (bytes < 0) {
                throw new SettingException("--max-body", String.valueOf(bytes), "bytes, 0 or more");
            }
            limits.requestBody(bytes);
        });
        return limits.build();
    }

    private static void set(String option, int value, IntConsumer setter, String allowed) {
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw new SettingException(option, String.valueOf(value), allowed);
        }
    }
}
