package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The checks of a change before it is sent to the swarm; each refuses an invalid change by an exception. Thread-safe.
 */
final class ChangeChecks {
    private final Service service;

    ChangeChecks(Service service) {
        this.service = service;
    }

    /** Checks a desired number of servers. */
    void checkSize(int desired) {
        int max = service.options().maxServers();
        if (desired < 0 || desired > max) {
            throw refused(
                    desired < 0 ? Reason.BAD_COUNT : Reason.TOO_MANY, desired + " servers are not within 0 to " + max);
        }
    }

    /** Checks an addition, the admission of the future members included. */
    void checkAddition(int count, List<String> ids) {
        checkCount(count, ids, "add");
        int max = service.options().maxServers();
        if (count > max - service.desired().size()) {
            throw refused(
                    Reason.TOO_MANY,
                    "with " + count + " more than the " + service.desired().size()
                            + " servers there would be more than " + max);
        }
        List<Member> members = new ArrayList<>(joining(count));
        service.desired().forEach(id -> members.add(new Member(id, 1, Map.of())));
        members.sort(Member.BY_ID);
        try {
            service.admission().accept(List.copyOf(members));
        } catch (IllegalArgumentException e) {
            throw refused(Reason.NO_ROOM, String.valueOf(e.getMessage()));
        }
    }

    /** Returns the members that this number of additional tasks will be. */
    List<Member> joining(int count) {
        List<Member> members = new ArrayList<>();
        for (int slot = 1; members.size() < count; slot++) {
            String id = service.options().service() + "." + slot;
            if (!service.desired().contains(id)) {
                members.add(new Member(id, 1, Map.of()));
            }
        }
        return members;
    }

    /** Checks a removal. */
    void checkRemoval(int count, List<String> ids) {
        checkCount(count, ids, "remove");
        if (count > service.desired().size()) {
            throw refused(
                    Reason.TOO_FEW,
                    count + " servers cannot be removed from "
                            + service.desired().size());
        }
    }

    private static void checkCount(int count, List<String> ids, String verb) {
        if (count < 1) {
            throw refused(Reason.BAD_COUNT, "the number of servers to " + verb + " is " + count + ", not 1 or more");
        }
        if (!ids.isEmpty()) {
            throw refused(
                    Reason.NOT_HERE,
                    "a swarm chooses which tasks it starts and stops, and numbers them itself; " + ids
                            + " cannot be named to " + verb);
        }
    }

    static PoolChangeRefusedException refused(Reason reason, String message) {
        return new PoolChangeRefusedException(reason, message);
    }
}
