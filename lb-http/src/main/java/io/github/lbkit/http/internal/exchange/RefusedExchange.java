package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.Input;

/** A request that nothing and nobody is asked about: there is no such path, or something is wrong with it. */
final class RefusedExchange extends Exchange {
    RefusedExchange(Worker worker, ClientConnection client, ClientRequest request) {
        super(worker, client, request);
    }

    @Override
    void begin(Input in) {
        answer(FailureResponses.NOT_FOUND, true);
    }

    @Override
    void clientSent(Input in) {}

    @Override
    void clientDrained() {}

    @Override
    void abandon() {}

    @Override
    boolean awaitsClient() {
        return false;
    }

    @Override
    void deadlineOver() {}

    @Override
    boolean hasAnswered() {
        return false;
    }
}
