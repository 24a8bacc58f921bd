package io.github.lbkit.bench.hashing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ishugaliy.allgood.consistent.hash.HashRing;
import org.ishugaliy.allgood.consistent.hash.node.SimpleNode;

/** The ring of allgood-consistent-hash with its defaults: 1,000 points for each server, MurmurHash3. Thread-safe. */
final class AllgoodRing {
    private final HashRing<SimpleNode> ring = HashRing.<SimpleNode>newBuilder().build();
    private final Map<String, Integer> indexes = new HashMap<>();

    AllgoodRing(List<String> servers) {
        for (String server : servers) {
            indexes.put(server, indexes.size());
            var unused = ring.add(SimpleNode.of(server));
        }
    }

    int owner(String key) {
        return indexes.getOrDefault(ring.locate(key).orElseThrow().getKey(), -1);
    }
}
