package io.github.lbkit.api.internal.pool;

import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.internal.VisibleText;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules for changes of the desired servers. A change that breaks a rule is refused before anything is launched or
 * stopped.
 */
public final class ChangeRules {
    private ChangeRules() {}

    /** Refuses an addition with a wrong count, or with a malformed, repeated or taken id. */
    public static void adding(int count, List<String> ids, Collection<String> desired, int maxServers) {
        counted(count, ids, "add");
        for (String id : ids) {
            if (!ServerIds.wellFormed(id)) {
                throw refused(Reason.BAD_ID, "server id '" + VisibleText.of(id) + "' is not " + ServerIds.ALLOWED);
            }
            if (desired.contains(id)) {
                throw refused(Reason.ID_TAKEN, "server id '" + id + "' is taken");
            }
        }
        if (count > maxServers - desired.size()) {
            throw refused(
                    Reason.TOO_MANY,
                    "with " + count + " more than the " + desired.size() + " servers there would be more than "
                            + maxServers);
        }
    }

    /** Refuses a removal with a wrong count, or with a repeated or unknown id. */
    public static void removing(int count, List<String> ids, Collection<String> desired) {
        counted(count, ids, "remove");
        ids.forEach(id -> known(id, desired));
        if (count > desired.size()) {
            throw refused(Reason.TOO_FEW, count + " servers cannot be removed from " + desired.size());
        }
    }

    /** Refuses an id that is not desired. */
    public static void known(String id, Collection<String> desired) {
        if (!desired.contains(id)) {
            throw refused(
                    Reason.UNKNOWN_ID, "no server has the id '" + VisibleText.of(id) + "'; the servers are " + desired);
        }
    }

    /** Refuses a number of servers that is negative or above the maximum. */
    public static void sized(int size, int maxServers) {
        if (size < 0) {
            throw refused(Reason.BAD_COUNT, size + " servers are less than none; 0 to " + maxServers + " are allowed");
        }
        if (size > maxServers) {
            throw refused(Reason.TOO_MANY, size + " servers are more than " + maxServers);
        }
    }

    /** Returns the refusal of a change that the admission has refused. */
    public static PoolChangeRefusedException noRoom(IllegalArgumentException why) {
        String detail = why.getMessage() == null ? "the policy has no place for them" : why.getMessage();
        PoolChangeRefusedException refused = refused(Reason.NO_ROOM, detail);
        refused.initCause(why);
        return refused;
    }

    /** Returns the refusal of a spec that the launcher cannot launch. */
    public static PoolChangeRefusedException badSpec(String pool, String hash) {
        return refused(
                Reason.BAD_SPEC,
                "the launcher of pool " + pool + " cannot launch from spec '" + hash
                        + "'; it takes specs of its own kind");
    }

    /** Returns the refusal of a revert without an earlier rollout. */
    public static PoolChangeRefusedException nothingToRevert(String pool) {
        return refused(
                Reason.NOTHING_TO_REVERT, "nothing was rolled out in pool " + pool + ", so there is nothing to revert");
    }

    /** Returns the refusal of a change after the pool was closed. */
    public static PoolChangeRefusedException closed(String pool) {
        return refused(Reason.CLOSED, "pool " + pool + " is closed");
    }

    private static void counted(int count, List<String> ids, String what) {
        if (count < 1) {
            throw refused(Reason.BAD_COUNT, "the number of servers to " + what + " is " + count + ", not 1 or more");
        }
        if (ids.size() > count) {
            throw refused(
                    Reason.MORE_IDS_THAN_SERVERS, ids.size() + " ids are given for " + count + " servers to " + what);
        }
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!seen.add(id)) {
                throw refused(Reason.ID_TWICE, "server id '" + VisibleText.of(id) + "' is given twice");
            }
        }
    }

    private static PoolChangeRefusedException refused(Reason reason, String message) {
        return new PoolChangeRefusedException(reason, message);
    }
}
