package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;

/** The rest of a body that nobody wants any more; read and dropped, up to a bound, for the requests behind it. */
final class UnwantedBody {
    private final BodyRelay rest;
    private final long limit;

    /** Where dropping it has led. */
    enum State {
        /** More is to come. */
        MORE,
        /** The next byte is of another request. */
        COMPLETE,
        /** It is too long, or broken. */
        HOPELESS
    }

    UnwantedBody(BodyRelay rest) {
        this.rest = rest;
        limit = rest.moved() + Exchange.MAX_DISCARDED;
    }

    /** Returns how many bytes of the body have come. */
    long moved() {
        return rest.moved();
    }

    State drop(Input in) {
        try {
            rest.skip(in);
        } catch (BadMessageException e) {
            return State.HOPELESS;
        }
        if (rest.isComplete()) {
            return State.COMPLETE;
        }
        return rest.moved() > limit ? State.HOPELESS : State.MORE;
    }
}
