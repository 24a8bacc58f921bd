package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;

/**
 * A model of bounded load over equal servers: counts the candidates that are inspected for each key, on average, where
 * no server takes more than its cap of max(1, ⌈c · keys / servers⌉). Confined to one thread and used for one count.
 */
final class BoundedLoadModel {
    private final HashRouter router;
    private final double factor;
    private final int[] loads;
    private final Cursor cursor = new Cursor(() -> 0);
    private long inspected;
    private int arrived;

    private BoundedLoadModel(HashRouter router, double factor) {
        this.router = router;
        this.factor = factor;
        this.loads = new int[router.members().size()];
    }

    /** Returns the mean while keys arrive and stay, with the cap of all keys from the first key on. */
    static double underCapOfAll(HashRouter router, double factor, int keysPerServer) {
        BoundedLoadModel servers = new BoundedLoadModel(router, factor);
        int keys = servers.loads.length * keysPerServer;
        for (int i = 0; i < keys; i++) {
            servers.add(keys);
        }
        return (double) servers.inspected / keys;
    }

    /** Returns the mean while keys arrive and stay, with the cap of the keys that have arrived. */
    static double underRisingCap(HashRouter router, double factor, int keysPerServer) {
        BoundedLoadModel servers = new BoundedLoadModel(router, factor);
        int keys = servers.loads.length * keysPerServer;
        for (int i = 0; i < keys; i++) {
            servers.add(i + 1);
        }
        return (double) servers.inspected / keys;
    }

    /** Returns the mean for a constant number of keys: each new key replaces the oldest one. */
    static double steady(HashRouter router, double factor, int keysPerServer) {
        BoundedLoadModel servers = new BoundedLoadModel(router, factor);
        int keys = servers.loads.length * keysPerServer;
        int[] assigned = new int[keys];
        for (int i = 0; i < keys; i++) {
            assigned[i] = servers.add(i + 1);
        }
        servers.inspected = 0;
        for (int i = 0; i < 2 * keys; i++) {
            servers.loads[assigned[i % keys]]--;
            assigned[i % keys] = servers.add(keys);
        }
        return (double) servers.inspected / (2L * keys);
    }

    /** Adds a key; returns its server. */
    private int add(int keys) {
        int cap = Math.max(1, (int) Math.ceil(factor * keys / loads.length - 1e-9));
        long hash = Workload.keyHash(arrived++);
        cursor.restartForNewKey();
        int server;
        do {
            server = router.next(hash, cursor);
            inspected++;
        } while (loads[server] >= cap);
        loads[server]++;
        return server;
    }
}
