package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;

/** An exchange with a fixed response of the proxy: the path is unknown, or the request must not be forwarded. */
final class RefusedExchange extends Exchange {
    private final LocalResponse response;

    RefusedExchange(ClientStream stream, ClientRequest request, ExchangeLogs logs, LocalResponse response) {
        super(stream, request, logs);
        this.response = response;
    }

    @Override
    public void begin() {
        respond(response);
    }

    @Override
    public void bodyAvailable() {}

    @Override
    public void clientDrained() {}

    @Override
    public void abandon() {}

    @Override
    public boolean awaitsBody() {
        return false;
    }

    @Override
    public void requestTimedOut() {}

    @Override
    public boolean hasResponded() {
        return false;
    }
}
