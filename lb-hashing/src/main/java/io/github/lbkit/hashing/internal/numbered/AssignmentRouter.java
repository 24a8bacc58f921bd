package io.github.lbkit.hashing.internal.numbered;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.internal.hash.AssignmentKeyHash;
import io.github.lbkit.hashing.internal.router.AbstractHashRouter;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import io.github.lbkit.hashing.internal.router.SlottedRouter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The map of the course assignment: 512 slots, 9 virtual servers for each server, requests at slot H(i), virtual
 * servers at slot Φ(i, j). A request goes to the nearest virtual server clockwise. The key hash is the number i of the
 * request.
 *
 * <p>Balance and minimal disruption are not guaranteed. H reaches 87 slots, so shares are far from equal, and weights
 * above 0 make no difference. A server that joins or leaves shifts the virtual servers that it collided with, so keys
 * move between other servers too. The owner takes O(1), all candidates O(512).
 */
public final class AssignmentRouter extends AbstractHashRouter implements SlottedRouter, RequiresKeyHash {
    private static final int SLOTS = AssignmentMap.SLOTS;

    private final AssignmentSettings settings;
    private final MapFullFactory mapFull;
    private final long[] numbers;
    private final AssignmentMap map;
    private final int[] clockwise;
    private final boolean empty;

    /**
     * Creates the map of these members, in any order. Members are placed in the order of their numbers.
     *
     * @param mapFull creates the exception for a member that finds no free slot
     */
    public AssignmentRouter(Collection<Member> unsorted, AssignmentSettings settings, MapFullFactory mapFull) {
        super(Members.sorted(unsorted));
        this.settings = settings;
        this.mapFull = mapFull;
        this.numbers = AssignmentNumbers.of(members, settings.firstId());
        this.map = new AssignmentMap(settings, mapFull);
        int[] placed = NumberLabel.weightedInOrder(members, numbers);
        for (int i : placed) {
            map.place(i, members.get(i).id(), (int) numbers[i]);
        }
        this.clockwise = map.clockwise();
        this.empty = placed.length == 0;
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public KeyHash keyHash() {
        return AssignmentKeyHash.INSTANCE;
    }

    @Override
    public String name() {
        return "assignment(" + settings + ")";
    }

    @Override
    public Set<String> labels() {
        return Set.of(NumberLabel.NAME);
    }

    @Override
    public int owner(long keyHash) {
        return empty ? -1 : ownerOfSlot(AssignmentMap.requestSlot(keyHash));
    }

    private int ownerOfSlot(int slot) {
        return map.owner(clockwise[slot]);
    }

    /**
     * Returns the next candidate. The cursor's word is the number of slots passed; from 512 on, also the number of
     * members checked for weight 0.
     */
    @Override
    public int next(long keyHash, Cursor cursor) {
        int start = AssignmentMap.requestSlot(keyHash);
        int passed = empty ? Math.max(SLOTS, (int) cursor.scratch(0)) : (int) cursor.scratch(0);
        while (passed < SLOTS) {
            int slot = clockwise[(start + passed) & (SLOTS - 1)];
            int distance = (slot - start) & (SLOTS - 1);
            boolean wrapped = distance < passed;
            passed = wrapped ? SLOTS : distance + 1;
            if (!wrapped && cursor.visit(map.owner(slot))) {
                cursor.setScratch(0, passed);
                return map.owner(slot);
            }
        }
        for (int i = passed - SLOTS; i < members.size(); i++) {
            if (members.get(i).weight() == 0) {
                cursor.setScratch(0, SLOTS + i + 1L);
                cursor.visit(i);
                return i;
            }
        }
        cursor.setScratch(0, SLOTS + (long) members.size());
        return -1;
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public int slot(long keyHash) {
        return AssignmentMap.requestSlot(keyHash);
    }

    @Override
    public int reachableSlots() {
        return (int) IntStream.range(0, SLOTS).map(this::slot).distinct().count();
    }

    @Override
    public String function() {
        return "H";
    }

    @Override
    public List<String> remarks() {
        return List.of("H(i) = i² + 2i + 17 is (i + 1)² + 16, and squares mod " + SLOTS + " have " + reachableSlots()
                + " values, some far more frequent than others");
    }

    @Override
    public String position(long keyHash) {
        int slot = AssignmentMap.requestSlot(keyHash);
        if (empty) {
            return "slot " + slot;
        }
        int takenSlot = clockwise[slot];
        int owner = map.owner(takenSlot);
        return "slot " + slot + ", clockwise to slot " + takenSlot + ": virtual server " + map.virtualServer(takenSlot)
                + " of server " + numbers[owner] + " ('" + members.get(owner).id() + "')";
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new AssignmentRouter(newMembers, settings, mapFull);
    }

    /** Returns the exact share: H has period 512, which divides the number of key hashes. */
    @Override
    public double share(int index) {
        int residues = 0;
        for (int i = 0; i < SLOTS; i++) {
            residues += owner(i) == index ? 1 : 0;
        }
        return (double) residues / SLOTS;
    }

    @Override
    public List<Plan.Move> movesTo(HashRouter after) {
        if (!(after instanceof AssignmentRouter)) {
            throw incomparable(after);
        }
        Map<String, Map<String, Integer>> residues = new TreeMap<>();
        for (int i = 0; i < SLOTS; i++) {
            String from = ownerId(this, i);
            String to = ownerId(after, i);
            if (!from.equals(to)) {
                residues.computeIfAbsent(from, f -> new TreeMap<>()).merge(to, 1, Integer::sum);
            }
        }
        return residues.entrySet().stream()
                .flatMap(from -> from.getValue().entrySet().stream()
                        .map(to -> new Plan.Move(from.getKey(), to.getKey(), (double) to.getValue() / SLOTS)))
                .toList();
    }

    private static String ownerId(HashRouter router, int number) {
        int owner = router.owner(number);
        return owner < 0 ? "" : router.members().get(owner).id();
    }
}
