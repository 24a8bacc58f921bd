package io.github.lbkit.testkit.docker.internal.http;

/**
 * The fault of one call.
 *
 * @param effect the effect on the call
 * @param status the HTTP status of a refusal
 * @param message the message of a refusal
 */
public record CallFault(Effect effect, int status, String message) {
    /** The effect of a fault on a call. */
    public enum Effect {
        /** The call is answered with the fault's status and message, and is not carried out. */
        REFUSED,
        /** The call is carried out and answered with text that is not JSON. */
        GARBLED,
        /** The call is carried out, and the connection ends in the middle of the response. */
        TRUNCATED,
        /** The call is not carried out and never answered. */
        UNANSWERED
    }

    /** Returns the fault that refuses a call with this status and message. */
    public static CallFault refused(int status, String message) {
        return new CallFault(Effect.REFUSED, status, message);
    }

    /** Returns the fault of this effect, other than a refusal. */
    public static CallFault of(Effect effect) {
        return new CallFault(effect, 200, "");
    }
}
