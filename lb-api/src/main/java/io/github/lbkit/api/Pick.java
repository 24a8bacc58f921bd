package io.github.lbkit.api;

/** The result of one choice: an attempt at a server, or the reason why no server can be tried. */
public sealed interface Pick permits Attempt, NoServer {
    /**
     * Returns the attempt, for callers that treat the lack of a server as an error.
     *
     * @throws IllegalStateException if there is no server; the message names the reason
     */
    default Attempt orElseThrow() {
        if (this instanceof NoServer none) {
            throw new IllegalStateException("no server can be tried: " + none.reason() + "; a retry may succeed after "
                    + none.retryAfter().toMillis() + " ms");
        }
        return (Attempt) this;
    }
}
