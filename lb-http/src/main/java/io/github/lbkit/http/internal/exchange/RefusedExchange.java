package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Input;

/** A request that the proxy answers at once: there is no such path, something is wrong with it, or it may go no further. */
final class RefusedExchange extends Exchange {
    private final LocalResponse response;

    RefusedExchange(Worker worker, ClientConnection client, ClientRequest request, LocalResponse response) {
        super(worker, client, request);
        this.response = response;
    }

    @Override
    void begin(Input in) {
        answer(response, true);
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
