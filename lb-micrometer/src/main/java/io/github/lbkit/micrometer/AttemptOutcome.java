package io.github.lbkit.micrometer;

import io.github.lbkit.api.Failure;
import java.util.Locale;

/** The outcome of an attempt, as the value of a tag. */
enum AttemptOutcome {
    SUCCESS,
    ABANDONED,
    CONNECT,
    DISCONNECT,
    TIMEOUT,
    PROTOCOL,
    STATUS,
    OVERLOADED;

    static AttemptOutcome of(Failure failure) {
        return switch (failure) {
            case CONNECT -> CONNECT;
            case DISCONNECT -> DISCONNECT;
            case TIMEOUT -> TIMEOUT;
            case PROTOCOL -> PROTOCOL;
            case STATUS -> STATUS;
            case OVERLOADED -> OVERLOADED;
        };
    }

    /** Returns the value of the tag, in lower case. */
    String tag() {
        return tag(this);
    }

    /** Returns the name of a constant as the value of a tag, in lower case. */
    static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
