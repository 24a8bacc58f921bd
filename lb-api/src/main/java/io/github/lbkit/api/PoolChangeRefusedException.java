package io.github.lbkit.api;

/** The refusal of a change of a pool that cannot be made. Nothing was launched, stopped or changed. */
public final class PoolChangeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** The reason of a refusal. */
    public enum Reason {
        /** The count is below 1, or a desired size below 0. */
        BAD_COUNT,
        /** There are more ids than servers to add or remove. */
        MORE_IDS_THAN_SERVERS,
        /** An id is not 1 to 63 letters, digits, '-', '_', '.' and inner blanks. */
        BAD_ID,
        /** An id occurs twice. */
        ID_TWICE,
        /** Another server has the id. */
        ID_TAKEN,
        /** No server has this id. */
        UNKNOWN_ID,
        /** The pool would have more servers than its maximum. */
        TOO_MANY,
        /** The pool has fewer servers than the number to remove. */
        TOO_FEW,
        /** The routing policy cannot route to that number of servers. */
        NO_ROOM,
        /** The pool's launcher does not know the kind of launch specification. */
        BAD_SPEC,
        /** There is no rollout to revert. */
        NOTHING_TO_REVERT,
        /** This pool shows servers of another pool and cannot make the change; the other pool may. */
        NOT_HERE,
        /** Another process owns the pool, or the owner is unknown; this process follows the pool read-only. */
        NOT_OWNER,
        /** The pool is closed. */
        CLOSED
    }

    /** Creates a refusal; the message names the wrong value and the allowed values. */
    public PoolChangeRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns the reason. */
    public Reason reason() {
        return reason;
    }
}
