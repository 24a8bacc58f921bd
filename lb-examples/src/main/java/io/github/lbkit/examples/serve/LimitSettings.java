package io.github.lbkit.examples.serve;

import io.github.lbkit.http.Limits;
import java.util.Optional;
import java.util.function.IntConsumer;
import picocli.CommandLine.Option;

/** What {@code serve} is told about the size of messages. */
final class LimitSettings {
    @Option(
            names = "--max-request-line",
            paramLabel = "BYTES",
            defaultValue = "8192",
            description = "the longest request line; a longer one is 414 (default: ${DEFAULT-VALUE})")
    int requestLine = 8192;

    @Option(
            names = "--max-request-head",
            paramLabel = "BYTES",
            defaultValue = "16384",
            description = "the longest head of a request; a longer one is 431 (default: ${DEFAULT-VALUE})")
    int requestHead = 16384;

    @Option(
            names = "--max-request-fields",
            paramLabel = "N",
            defaultValue = "100",
            description = "the most fields of a request; more are 431 (default: ${DEFAULT-VALUE})")
    int requestFields = 100;

    @Option(
            names = "--max-response-head",
            paramLabel = "BYTES",
            defaultValue = "65536",
            description = "the longest head of a response; a longer one is 502 (default: ${DEFAULT-VALUE})")
    int responseHead = 65536;

    @Option(
            names = "--max-response-fields",
            paramLabel = "N",
            defaultValue = "200",
            description = "the most fields of a response; more are 502 (default: ${DEFAULT-VALUE})")
    int responseFields = 200;

    @Option(
            names = "--max-body",
            paramLabel = "BYTES",
            description = "the longest body of a request; a longer one is 413 (default: no limit)")
    Optional<Long> requestBody = Optional.empty();

    /** Returns the limits; refuses what is not allowed. */
    Limits limits() {
        Limits.Builder limits = Limits.builder();
        set("--max-request-line", requestLine, limits::requestLine, "64 to 65536");
        set("--max-request-head", requestHead, limits::requestHead, "256 to 262144");
        set("--max-request-fields", requestFields, limits::requestFields, "1 to 1000");
        set("--max-response-head", responseHead, limits::responseHead, "256 to 1048576");
        set("--max-response-fields", responseFields, limits::responseFields, "1 to 1000");
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
