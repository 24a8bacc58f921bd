package io.github.lbkit.api;

/** A change of a pool that cannot be made. Nothing was launched, stopped or changed. */
public final class PoolChangeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why a change is refused. */
    public enum Reason {
        /** The count is below 1, or a desired size below 0. */
        BAD_COUNT,
        /** More ids than servers to add or remove. */
        MORE_IDS_THAN_SERVERS,
        /** An id is not 1 to 63 of letters, digits, '-', '_', '.' and inner blanks. */
        BAD_ID,
        /** An id stands twice. */
        ID_TWICE,
        /** An id is taken. */
        ID_TAKEN,
        /** No server has this id. */
        UNKNOWN_ID,
        /** More servers than the pool may have. */
        TOO_MANY,
        /** Fewer servers than are to be removed. */
        TOO_FEW,
        /** The routing policy has no place for that many. */
        NO_ROOM,
        /** What is to be launched is of a kind that the pool's launcher does not know. */
        BAD_SPEC,
        /** Nothing was rolled out that could be reverted. */
        NOTHING_TO_REVERT,
        /** It cannot be done through this pool, which shows servers of another; that one may do it. */
        NOT_HERE,
        /** Another process owns the pool, or nobody can say who does; here it is followed read-only. */
        NOT_OWNER,
        /** The pool is closed. */
        CLOSED
    }

    /** A refusal; the message names the value that is wrong and what is allowed. */
    public PoolChangeRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
