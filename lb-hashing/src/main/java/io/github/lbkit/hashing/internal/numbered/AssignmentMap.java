package io.github.lbkit.hashing.internal.numbered;

import java.util.Arrays;

/**
 * The slots of the assignment's map, with the virtual server in each. Filled by one thread, then only read.
 *
 * <p>Arithmetic uses residues, so it does not overflow. 512 divides 2^64, so a negative number has the same residue as
 * with unbounded arithmetic.
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
    private int placedServers;
    private int takenSlots;

    AssignmentMap(AssignmentSettings settings, MapFullFactory mapFull) {
        this.settings = settings;
        this.mapFull = mapFull;
        Arrays.fill(owners, FREE);
    }

    /** Returns the slot of a request: H(i) = i² + 2i + 17. */
    static int requestSlot(long number) {
        int i = (int) number & MASK;
        return (i * i + 2 * i + 17) & MASK;
    }

    /** Returns the preferred slot of a virtual server: Φ(i, j) = i² + j² + 2j + 25. */
    static int serverSlot(int server, int virtualServer) {
        int i = server & MASK;
        int j = virtualServer & MASK;
        return (i * i + j * j + 2 * j + 25) & MASK;
    }

    /** Places all virtual servers of one server. */
    void place(int owner, String id, int number) {
        for (int j = settings.firstJ(); j < settings.firstJ() + VIRTUAL_SERVERS; j++) {
            int slot = probe(serverSlot(number, j));
            if (slot == FREE) {
                throw mapFull.create(id, placedServers, SLOTS - takenSlots, settings.toString());
            }
            owners[slot] = owner;
            virtualServers[slot] = j;
            takenSlots++;
        }
        placedServers++;
    }

    /** Returns the first free slot of a probe sequence, or {@link #FREE} if there is none. */
    private int probe(int first) {
        for (int k = 0; k < SLOTS; k++) {
            int slot = (first + (settings.quadratic() ? k * k : k)) & MASK;
            if (owners[slot] == FREE) {
                return slot;
            }
        }
        return FREE;
    }

    /** Returns the index of the member in a slot, or {@link #FREE}. */
    int owner(int slot) {
        return owners[slot];
    }

    /** Returns the number of the virtual server in a slot. */
    int virtualServer(int slot) {
        return virtualServers[slot];
    }

    /**
     * Returns, for each slot, the first taken slot clockwise from there, itself included; all 0 if no slot is taken.
     */
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
