package io.github.lbkit.bench.hashing;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The common implementation of a ring: a sorted map from points to servers, 100 points for each. Confined to one
 * thread.
 */
final class TreeMapRing implements Lookup {
    private static final int POINTS = 100;

    private final TreeMap<Long, Integer> points = new TreeMap<>(Long::compareUnsigned);

    TreeMapRing(List<String> servers) {
        for (int i = 0; i < servers.size(); i++) {
            for (int point = 0; point < POINTS; point++) {
                points.put(Hashing.xxh3_64().hashCharsToLong(servers.get(i) + "#" + point), i);
            }
        }
    }

    @Override
    public int owner(long keyHash) {
        Map.Entry<Long, Integer> entry = points.ceilingEntry(keyHash);
        return entry == null ? points.firstEntry().getValue() : entry.getValue();
    }
}
