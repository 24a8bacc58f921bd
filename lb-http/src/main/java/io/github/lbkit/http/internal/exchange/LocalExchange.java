package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A request that is answered here: guard, then body, then handler. */
final class LocalExchange extends Exchange {
    private static final int FIRST_CAPACITY = 256;

    private final Route route;
    private final ByteSink collected = new ByteSink(FIRST_CAPACITY);
    private boolean truncated;
    private boolean handed;
    private boolean over;

    LocalExchange(Worker worker, ClientConnection client, ClientRequest request, Route route) {
        super(worker, client, request);
        this.route = route;
    }

    @Override
    void begin(Input in) {
        Optional<LocalResponse> refusal = worker.settings().guard().apply(request.view());
        if (refusal.isPresent()) {
            finish(refusal.get());
            return;
        }
        if (body != null && in.isEmpty()) {
            tellContinue();
        }
        if (!over) {
            clientSent(in);
        }
    }

    @Override
    void clientSent(Input in) {
        if (handed) {
            return;
        }
        if (body != null) {
            try {
                body.decodeInto(collected, in);
            } catch (BadMessageException e) {
                client.session().refuse(e);
                return;
            }
            truncated = collected.size() > route.maxBody();
        }
        if (truncated || isBodyComplete()) {
            hand();
        }
    }

    private void hand() {
        handed = true;
        byte[] bytes = Arrays.copyOf(collected.array(), Math.min(collected.size(), route.maxBody()));
        LocalRequest asked = new LocalRequest(request.view().detached(), bytes, truncated);
        boolean accepted = worker.settings()
                .handlers()
                .submit(route.handler(), asked, response -> worker.loop().execute(() -> finish(response)));
        if (!accepted) {
            finish(FailureResponses.unavailable(Duration.ofSeconds(1)));
        }
    }

    private void finish(LocalResponse response) {
        if (!over) {
            over = true;
            answer(response, !truncated);
        }
    }

    @Override
    void clientDrained() {}

    @Override
    boolean awaitsClient() {
        return !handed && !over;
    }

    @Override
    void deadlineOver() {
        if (handed) {
            finish(FailureResponses.GATEWAY_TIMEOUT);
        } else {
            over = true;
            answer(FailureResponses.REQUEST_TIMEOUT, false);
        }
    }

    @Override
    void abandon() {
        over = true;
    }

    @Override
    boolean hasAnswered() {
        return over;
    }
}
