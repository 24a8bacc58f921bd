package io.github.lbkit.http;

import java.time.Duration;

/** Timeouts of which a test makes one short, and waits for what it does; the others are too long to matter. */
final class TimeoutsUnderTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(150);

    private TimeoutsUnderTest() {}

    /** Returns a builder with every timeout too long to matter. */
    static Timeouts.Builder allLong() {
        return Timeouts.builder()
                .connect(LONG)
                .requestHead(LONG)
                .requestBody(LONG)
                .requestBodyRate(1)
                .clientIdle(LONG)
                .responseHead(LONG)
                .responseSilence(LONG)
                .writeStall(LONG)
                .serverIdle(LONG);
    }

    static Timeouts connect() {
        return allLong().connect(SHORT).build();
    }

    static Timeouts head() {
        return allLong().requestHead(SHORT).build();
    }

    static Timeouts idle() {
        return allLong().clientIdle(SHORT).build();
    }

    static Timeouts requestBody() {
        return allLong().requestBody(SHORT).build();
    }

    static Timeouts silence() {
        return allLong().responseSilence(SHORT).build();
    }

    static Timeouts writeStall() {
        return allLong().writeStall(SHORT).build();
    }

    static Timeouts response() {
        return allLong().responseHead(SHORT).build();
    }

    static Timeouts request() {
        return allLong().request(SHORT).build();
    }

    static Timeouts upstreamIdle() {
        return allLong().serverIdle(SHORT).build();
    }
}
