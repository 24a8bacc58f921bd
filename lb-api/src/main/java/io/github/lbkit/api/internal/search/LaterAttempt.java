package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Server;

/**
 * A handle of an attempt after a call's first; the call has the state of the attempt. Confined to the call's thread,
 * except for its end.
 */
final class LaterAttempt implements Attempt {
    private final BalancerCall call;
    private final Server server;
    private final int number;

    /** Creates the handle of the attempt of this number. */
    LaterAttempt(BalancerCall call, Server server, int number) {
        this.call = call;
        this.server = server;
        this.number = number;
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public void responded() {
        call.responded(number);
    }

    @Override
    public void succeeded() {
        call.succeeded(number);
    }

    @Override
    public void failed(Failure failure) {
        call.failed(number, failure);
    }

    @Override
    public void abandoned() {
        call.abandoned(number);
    }

    @Override
    public boolean ended() {
        return call.ended(number);
    }
}
