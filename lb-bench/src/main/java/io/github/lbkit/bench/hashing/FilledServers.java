package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;

/**
 * How many candidates a walk looks at, on average, where no server takes more than its cap: max(1, ⌈c · keys /
 * servers⌉) of equal servers. Confined to one thread, and made for one count.
 */
final class FilledServers {
    private final HashRouter router;
    private final double factor;
    private final int[] loads;
    private final Cursor cursor = new Cursor(() -> 0);
    private long inspected;
    private int came;

    private FilledServers(HashRouter router, double factor) {
        this.router = router;
        this.factor = factor;
        this.loads = new int[router.members().size()];
    }

    /** While so many keys a server come and stay, under the cap of all of them from the first on. */
    static double underCapOfAll(HashRouter router, double factor, int keysOfEach) {
        FilledServers servers = new FilledServers(router, factor);
        int keys = servers.loads.length * keysOfEach;
        for (int i = 0; i < keys; i++) {
            servers.take(keys);
        }
        return (double) servers.inspected / keys;
    }

    /** While so many keys a server come and stay, under the cap of those that are there. */
    static double underRisingCap(HashRouter router, double factor, int keysOfEach) {
        FilledServers servers = new FilledServers(router, factor);
        int keys = servers.loads.length * keysOfEach;
        for (int i = 0; i < keys; i++) {
            servers.take(i + 1);
        }
        return (double) servers.inspected / keys;
    }

    /** While there are so many keys a server all the time: each that comes takes the place of the oldest. */
    static double steady(HashRouter router, double factor, int keysOfEach) {
        FilledServers servers = new FilledServers(router, factor);
        int keys = servers.loads.length * keysOfEach;
        int[] places = new int[keys];
        for (int i = 0; i < keys; i++) {
            places[i] = servers.take(i + 1);
        }
        servers.inspected = 0;
        for (int i = 0; i < 2 * keys; i++) {
            servers.loads[places[i % keys]]--;
            places[i % keys] = servers.take(keys);
        }
        return (double) servers.inspected / (2L * keys);
    }

    /** One key comes; returns whose it is. */
    private int take(int keys) {
        int cap = Math.max(1, (int) Math.ceil(factor * keys / loads.length - 1e-9));
        long hash = Fleet.keyHash(came++);
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
