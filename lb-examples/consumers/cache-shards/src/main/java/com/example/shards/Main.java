package com.example.shards;

import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.ConsistentHash;
import java.util.Map;
import java.util.TreeMap;

/** Proves {@link Shards}: only the new shard takes keys, and a ring of memcached has an owner for each key. */
public final class Main {
    private static final int KEYS = 10_000;

    private Main() {}

    public static void main(String[] args) {
        Plan plan = Shards.grow();
        boolean onlyTheNewTakes = plan.moves().stream().allMatch(move -> move.to().equals("cache4"));
        ConsistentHash ring = Shards.memcached();
        Map<String, Integer> keys = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            keys.merge(ring.owner("key-" + i).orElseThrow(), 1, Integer::sum);
        }
        System.out.println("cache4 alone takes keys: " + onlyTheNewTakes + "; " + KEYS + " keys of memcached by node " + keys);
        boolean proved = onlyTheNewTakes && plan.movedShare() > 0.1 && plan.movedShare() < 0.3
                && keys.size() == 3 && keys.get("10.0.1.1:11211") > keys.get("10.0.1.3:11211");
        System.exit(proved ? 0 : 1);
    }
}
