package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.internal.body.BodyReader;
import io.github.lbkit.http.internal.exchange.ClientRequest;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;

/**
 * The rest of a body after the response. It is read and dropped, up to a limit, so that the connection can be used for
 * the next request.
 */
final class DiscardedBody {
    private final BodyReader body;
    private final long limit;

    /** The state after some bytes were dropped. */
    enum State {
        /** More bytes of the body follow. */
        INCOMPLETE,
        /** The next byte belongs to another request. */
        COMPLETE,
        /** The body is malformed or exceeds the limit: the connection must end. */
        UNUSABLE
    }

    DiscardedBody(BodyReader body) {
        this.body = body;
        limit = body.received() + ClientRequest.MAX_DISCARDED_BODY;
    }

    /** Returns the number of bytes of the body received in all. */
    long received() {
        return body.received();
    }

    /** Drops the bytes of the body that the input has. */
    State drop(Input in) {
        try {
            body.skip(in);
        } catch (BadMessageException e) {
            return State.UNUSABLE;
        }
        if (body.isComplete()) {
            return State.COMPLETE;
        }
        return body.received() > limit ? State.UNUSABLE : State.INCOMPLETE;
    }
}
