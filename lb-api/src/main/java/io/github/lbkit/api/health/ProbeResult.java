package io.github.lbkit.api.health;

/**
 * The result of a probe. Immutable.
 *
 * @param passed whether the instance can serve
 * @param detail the reason of a failure, for people; empty if the probe passed
 */
public record ProbeResult(boolean passed, String detail) {
    /** A passed probe. */
    public static final ProbeResult PASSED = new ProbeResult(true, "");

    /** Returns the result of a failed probe, with the reason. */
    public static ProbeResult failed(String detail) {
        return new ProbeResult(false, detail);
    }
}
