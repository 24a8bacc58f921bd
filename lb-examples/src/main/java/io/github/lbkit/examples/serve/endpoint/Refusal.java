package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalResponse;

/** A request that is refused; nothing was changed. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** The message names the value that is wrong and what is allowed. */
    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    LocalResponse response() {
        return Json.error(status, String.valueOf(getMessage()));
    }
}
