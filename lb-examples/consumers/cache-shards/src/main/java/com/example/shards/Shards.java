package com.example.shards;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.ConsistentHash;
import io.github.lbkit.hashing.HashRouters;
import io.github.lbkit.hashing.KetamaClient;
import java.util.List;

/** The shards of a cache, without anything that serves requests. */
final class Shards {
    private Shards() {}

    static Plan grow() {
        // begin shards
        ConsistentHash shards = ConsistentHash.of(HashRouters.claimTable(
                List.of(new Member("cache1", 1), new Member("cache2", 1), new Member("cache3", 2))));

        String owner = shards.owner("user:17").orElseThrow(); // empty only if no member has a weight
        List<String> replicas = shards.owners("user:17", 2); // the owner first, then who would own it next

        ConsistentHash more = shards.with("cache4", 1); // another object; the first one is unchanged
        Plan plan = shards.plan(more);
        System.out.printf("%s owns user:17, replicas on %s; cache4 takes %.1f %% of the keys%n",
                owner, replicas, 100 * plan.movedShare());
        // end shards
        return plan;
    }

    static ConsistentHash memcached() {
        // begin memcached
        KetamaClient client = KetamaClient.LIBMEMCACHED_WEIGHTED;
        List<Member> nodes = client.members("10.0.1.1:11211 600, 10.0.1.2:11211 300, 10.0.1.3:11211 200");
        ConsistentHash ring = ConsistentHash.of(HashRouters.ketama(nodes, client)); // keys are hashed as the client does
        // end memcached
        return ring;
    }
}
