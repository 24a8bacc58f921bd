package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The desired servers of one pool, in order of joining. Confined to the pool's loop. */
final class Slots {
    private final Map<String, Slot> byId = new LinkedHashMap<>();

    /** Adds a server with the lowest free number; returns the existing slot if the id is taken. */
    Slot add(String id, HashedSpec spec, boolean onTrial, long nowNanos) {
        return byId.computeIfAbsent(id, key -> new Slot(key, lowestFree(numbers()), spec, onTrial, nowNanos));
    }

    void remove(Slot slot) {
        byId.remove(slot.id, slot);
    }

    Optional<Slot> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns whether this slot is still desired; another slot of the same id does not count. */
    boolean contains(Slot slot) {
        return byId.get(slot.id) == slot;
    }

    /** Returns a view of the ids. */
    Set<String> ids() {
        return Collections.unmodifiableSet(byId.keySet());
    }

    /** Returns a copy, so that the caller may add and remove slots. */
    List<Slot> all() {
        return List.copyOf(byId.values());
    }

    /** Returns the slot that this instance serves in. */
    Optional<Slot> serving(InstanceId key) {
        return find(key.serverId()).filter(slot -> slot.runs(key));
    }

    /** Returns the slot that this launch is for, if the slot still waits for it. */
    Optional<Slot> launching(Launch launch) {
        return find(launch.key().serverId()).filter(slot -> slot.incoming == launch);
    }

    /** Returns whether this instance serves in a slot, or is being launched for it. */
    boolean holds(InstanceId key) {
        return find(key.serverId())
                .filter(slot -> slot.runs(key) || slot.launches(key))
                .isPresent();
    }

    List<Member> members() {
        return byId.values().stream().map(Slot::member).toList();
    }

    /** Returns the members that servers of these ids would be, with the lowest free numbers. */
    List<Member> joining(List<String> ids) {
        Set<Integer> taken = numbers();
        List<Member> members = new ArrayList<>();
        for (String id : ids) {
            int number = lowestFree(taken);
            taken.add(number);
            members.add(new Member(id, 1, Slot.labels(number)));
        }
        return members;
    }

    /** Returns these numbers by server id, with the lowest free number for every other server. */
    Map<String, Integer> numbered(Map<String, Integer> wanted) {
        Map<String, Integer> numbers = new HashMap<>();
        wanted.forEach((id, number) -> {
            if (byId.containsKey(id) && !numbers.containsValue(number)) {
                numbers.put(id, number);
            }
        });
        for (String id : byId.keySet()) {
            if (!numbers.containsKey(id)) {
                numbers.put(id, lowestFree(new HashSet<>(numbers.values())));
            }
        }
        return numbers;
    }

    /**
     * Returns the slots to launch now. Slots with the fewest failures come first. Slots that fail repeatedly leave one
     * launch to the others, so that servers that never become ready delay no other server.
     *
     * @param concurrency the maximum number of launches at one time
     */
    List<Slot> dueForLaunch(long nowNanos, int concurrency) {
        int free = concurrency;
        int freeToFailing = Math.max(1, concurrency - 1);
        for (Slot slot : byId.values()) {
            if (slot.incoming != null && !slot.incoming.adopted()) {
                free--;
                freeToFailing -= slot.failsRepeatedly() ? 1 : 0;
            }
        }
        List<Slot> chosen = new ArrayList<>();
        for (Slot slot : byId.values().stream()
                .filter(slot -> slot.dueForLaunch(nowNanos))
                .sorted(Comparator.comparingInt(Slot::failures))
                .toList()) {
            if (free > 0 && (!slot.failsRepeatedly() || freeToFailing > 0)) {
                chosen.add(slot);
                free--;
                freeToFailing -= slot.failsRepeatedly() ? 1 : 0;
            }
        }
        return chosen;
    }

    private Set<Integer> numbers() {
        Set<Integer> numbers = new HashSet<>();
        byId.values().forEach(slot -> numbers.add(slot.number));
        return numbers;
    }

    private static int lowestFree(Set<Integer> taken) {
        int number = 1;
        while (taken.contains(number)) {
            number++;
        }
        return number;
    }
}
