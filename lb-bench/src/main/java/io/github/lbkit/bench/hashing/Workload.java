package io.github.lbkit.bench.hashing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The servers and keys of all measurements, which are the same in each run. */
final class Workload {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Workload() {}

    /** Returns names of servers in ascending order. */
    static List<String> names(int servers) {
        return IntStream.range(0, servers)
                .mapToObj(i -> String.valueOf(100_000 + i).replaceFirst("1", "server-"))
                .toList();
    }

    /** Returns the indexes of random servers, in the order in which they leave. */
    static List<Integer> leaving(int servers, int count) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, servers).boxed().toList());
        Collections.shuffle(all, new Random(7));
        return List.copyOf(all.subList(0, count));
    }

    /** Returns the hash of the i-th key, by SplitMix64. */
    static long keyHash(long i) {
        long z = i * STEP + STEP;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns keys of a length that end in different hexadecimal digits. */
    static String[] keys(int length, int count) {
        String[] keys = new String[count];
        for (int i = 0; i < count; i++) {
            String digits =
                    Long.toHexString(keyHash(i)).concat("0000000000000000").substring(0, 8);
            String path = "/users/sessions/of/a/path/that/is/rather/long/and/goes/on/and/on/until/it/has/a/hundred"
                    + "/characters/";
            keys[i] = path.substring(0, length - 8) + digits;
        }
        return keys;
    }
}
