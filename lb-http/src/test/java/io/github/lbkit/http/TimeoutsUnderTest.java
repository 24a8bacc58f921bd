package io.github.lbkit.http;

import java.time.Duration;
import java.util.Optional;

/** Timeouts of which a test makes one short, and waits for what it does; the others are too long to matter. */
final class TimeoutsUnderTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(150);

    private TimeoutsUnderTest() {}

    static Timeouts connect() {
        return new Timeouts(SHORT, LONG, LONG, LONG, LONG, Optional.empty(), LONG);
    }

    static Timeouts head() {
        return new Timeouts(LONG, SHORT, LONG, LONG, LONG, Optional.empty(), LONG);
    }

    static Timeouts idle() {
        return new Timeouts(LONG, LONG, SHORT, LONG, LONG, Optional.empty(), LONG);
    }

    static Timeouts bodyProgress() {
        return new Timeouts(LONG, LONG, LONG, SHORT, LONG, Optional.empty(), LONG);
    }

    static Timeouts response() {
        return new Timeouts(LONG, LONG, LONG, LONG, SHORT, Optional.empty(), LONG);
    }

    static Timeouts request() {
        return new Timeouts(LONG, LONG, LONG, LONG, LONG, Optional.of(SHORT), LONG);
    }

    static Timeouts upstreamIdle() {
        return new Timeouts(LONG, LONG, LONG, LONG, LONG, Optional.empty(), SHORT);
    }
}
