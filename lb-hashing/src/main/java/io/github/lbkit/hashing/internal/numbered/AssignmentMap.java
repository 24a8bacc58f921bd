package io.github.lbkit.hashing.internal.numbered;

import java.util.Arrays;

/**
 * The assignment's slots: which virtual server stands where. Filled by one thread, then only read.
 *
 * <p>Arithmetic is on residues, so nothing overflows; 512 divides 2^64, so a negative number has the residue that
 * arithmetic without bounds would give it.
 */
final class AssignmentMap {
    static final int SLOTS = 512;
    static final int VIRTUAL_SERVERS = 9;
    static final int FREE = -1;

    private static final int MASK = SLOTS - 1;

    private final AssignmentSettings settings;
    private final MapFullFactory mapFull;
    private final int[] owners = new int[SLOTS];
    private final int[] virtualServers = new int[SLOTS];
    private int servers;
    private int taken;

    AssignmentMap(AssignmentSettings settings, MapFullFactory mapFull) {
        this.settings = settings;
        this.mapFull = mapFull;
        Arrays.fill(owners, FREE);
    }

    /** The slot of a request: H(i) = i² + 2i + 17. */
    static int requestSlot(long number) {
        int i = (int) number & MASK;
        return (i * i + 2 * i + 17) & MASK;
    }

    /** The first choice of a virtual server's slot: Φ(i, j) = i² + j² + 2j + 25. */
    static int serverSlot(int server, int virtualServer) {
        int i = server & MASK;
        int j = virtualServer & MASK;
        return (i * i + j * j + 2 * j + 25) & MASK;
    }

    /** Places all virtual servers of one server. */
    void place(int owner, String id, int number) {
        for (int j = settings.firstJ(); j < settings.firstJ() + VIRTUAL_SERVERS; j++) {
            int slot = freeSlot(serverSlot(number, j));
            if (slot == FREE) {
                throw mapFull.create(id, servers, SLOTS - taken, settings.toString());
            }
            owners[slot] = owner;
            virtualServers[slot] = j;
            taken++;
        }
        servers++;
    }

    private int freeSlot(int first) {
        for (int k = 0; k < SLOTS; k++) {
            int slot = (first + (settings.quadratic() ? k * k : k)) & MASK;
            if (owners[slot] == FREE) {
                return slot;
            }
        }
        return FREE;
    }

    /** Who stands at this slot; {@link #FREE} if nobody does. */
    int owner(int slot) {
        return owners[slot];
    }

    /** Which of its owner's virtual servers stands at this slot. */
    int virtualServer(int slot) {
        return virtualServers[slot];
    }

    /** For each slot the first one clockwise, itself included, where somebody stands; all 0 if nobody does. */
    int[] clockwise() {
        int[] nearest = new int[SLOTS];
        int last = 0;
        for (int slot = 2 * SLOTS - 1; slot >= 0; slot--) {
            last = owners[slot & MASK] == FREE ? last : slot & MASK;
            nearest[slot & MASK] = last;
        }
        return nearest;
    }
}
