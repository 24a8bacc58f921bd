package io.github.lbkit.testkit.docker;

/** What becomes of the containers of an image in a {@link FakeEngine}. */
public enum ContainerBehaviour {
    /** It listens at once, and answers every request by its name. */
    SERVES,
    /** It runs, and whoever connects hears nothing. */
    SILENT,
    /** It exits with code 1 as soon as it is started. */
    EXITS_AT_ONCE,
    /** It serves, and its health check fails. */
    UNHEALTHY,
    /** It serves, and its health check does not end. */
    NEVER_HEALTHY,
    /** It serves, and does not end by the stop signal: only after the grace that whoever stops it gives it. */
    DEAF
}
