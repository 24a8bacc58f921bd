package io.github.lbkit.api.health;

/**
 * What a probe found. Immutable.
 *
 * @param passed whether the instance can serve
 * @param detail why not, for people; empty if it passed
 */
public record ProbeResult(boolean passed, String detail) {
    /** The instance can serve. */
    public static final ProbeResult PASSED = new ProbeResult(true, "");

    /** The instance cannot serve, for this reason. */
    public static ProbeResult failed(String detail) {
        return new ProbeResult(false, detail);
    }
}
