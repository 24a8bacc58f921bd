package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalResponse;

/** The refusal of a request, which has changed nothing. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Creates a refusal whose message names the wrong value and the allowed ones. */
    public Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** Returns the response to the client. */
    LocalResponse response() {
        return JsonResponse.error(status, String.valueOf(getMessage()));
    }
}
