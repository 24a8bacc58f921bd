package io.github.lbkit.bench.hashing;

import com.dynatrace.hash4j.consistent.ConsistentBucketHasher;
import com.dynatrace.hash4j.consistent.ConsistentBucketSetHasher;
import com.dynatrace.hash4j.consistent.ConsistentHashing;
import com.dynatrace.hash4j.random.PseudoRandomGeneratorProvider;
import com.google.common.hash.Hashing;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.EnvoyRingOptions;
import io.github.lbkit.hashing.HashRouters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A measured algorithm from key hashes to servers: a router of lbkit, or one of another library. */
public enum Algorithm {
    HASH("hash") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.claimTable(members, maxServers);
        }
    },
    RENDEZVOUS("rendezvous") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.rendezvous(members);
        }
    },
    /** Weights from 1 to 10 in rotation. */
    WEIGHTED("rendezvous, weighted") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            List<Member> weighted = new ArrayList<>();
            for (Member member : members) {
                weighted.add(new Member(member.id(), 1 + weighted.size() % 10, member.labels()));
            }
            return HashRouters.rendezvous(weighted);
        }
    },
    CAPPED("capped, ε = 5 %") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.capped(members, maxServers, 0.05);
        }
    },
    RING("ring, V = 100") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.ring(members, HashRouters.DEFAULT_POINTS_PER_WEIGHT);
        }
    },
    MAGLEV("maglev") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.maglev(members, maxServers);
        }
    },
    ENVOY_RING("envoy-ring") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.envoyRing(members, EnvoyRingOptions.DEFAULTS);
        }
    },
    ENVOY_MAGLEV("envoy-maglev") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.envoyMaglev(members, HashRouters.ENVOY_TABLE_SIZE);
        }
    },
    KETAMA("ketama") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.ketama(members);
        }
    },
    JUMP("jump") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.jump(members);
        }
    },
    ASSIGNMENT("assignment") {
        @Override
        HashRouter router(List<Member> members, int maxServers) {
            return HashRouters.assignment(members);
        }
    },
    TREE_MAP("TreeMap ring, V = 100", false) {
        @Override
        Lookup of(List<String> servers, int maxServers) {
            return new TreeMapRing(servers);
        }
    },
    GUAVA("Guava consistentHash", false) {
        @Override
        Lookup of(List<String> servers, int maxServers) {
            int buckets = servers.size();
            return hash -> Hashing.consistentHash(hash, buckets);
        }
    },
    JUMP_BACK("hash4j JumpBackHash", false) {
        @Override
        Lookup of(List<String> servers, int maxServers) {
            ConsistentBucketHasher hasher = ConsistentHashing.jumpBackHashSplitMix64();
            int buckets = servers.size();
            return hash -> hasher.getBucket(hash, buckets);
        }
    },
    JUMP_BACK_ANCHOR("hash4j JumpBackAnchorHash", false) {
        @Override
        Lookup of(List<String> servers, int maxServers) {
            return buckets(servers.size())::getBucket;
        }

        @Override
        Lookup remaining(List<String> servers, int maxServers, List<Integer> removed) {
            return without(servers, maxServers, removed);
        }

        @Override
        Lookup without(List<String> servers, int maxServers, List<Integer> removed) {
            ConsistentBucketSetHasher hasher = buckets(servers.size());
            removed.forEach(hasher::removeBucket);
            return hasher::getBucket;
        }

        private static ConsistentBucketSetHasher buckets(int count) {
            ConsistentBucketSetHasher hasher =
                    ConsistentHashing.jumpBackAnchorHash(PseudoRandomGeneratorProvider.splitMix64_V1());
            for (int i = 0; i < count; i++) {
                var unused = hasher.addBucket();
            }
            return hasher;
        }
    },
    /** A lower bound for a table with the size of the claim table: one read of an array. */
    BARE_TABLE("one read of an array", false) {
        @Override
        Lookup of(List<String> servers, int maxServers) {
            int bits = maxServers <= HashRouters.DEFAULT_MAX_SERVERS
                    ? 16
                    : Math.min(22, Integer.SIZE - Integer.numberOfLeadingZeros(maxServers * 1024 - 1));
            char[] owners = new char[1 << bits];
            for (int slot = 0; slot < owners.length; slot++) {
                owners[slot] = (char) Math.floorMod(Workload.keyHash(slot), servers.size());
            }
            int shift = Long.SIZE - bits;
            return hash -> owners[(int) (hash >>> shift)];
        }
    },
    ALLGOOD("allgood-consistent-hash", false) {
        /** The library hashes strings itself; a number is passed as its digits. */
        @Override
        Lookup of(List<String> servers, int maxServers) {
            AllgoodRing ring = new AllgoodRing(servers);
            return hash -> ring.owner(Long.toString(hash));
        }
    };

    /** The algorithms whose distributions are compared: all with equal weights and any number of servers. */
    static final List<Algorithm> COMPARED = Stream.of(values())
            .filter(algorithm -> algorithm != WEIGHTED && algorithm != ASSIGNMENT && algorithm != BARE_TABLE)
            .toList();

    private final String label;
    private final boolean isLbkit;

    Algorithm(String label) {
        this(label, true);
    }

    Algorithm(String label, boolean isLbkit) {
        this.label = label;
        this.isLbkit = isLbkit;
    }

    /** The name for people. */
    String label() {
        return label;
    }

    boolean isLbkit() {
        return isLbkit;
    }

    /** Returns the router of lbkit over these members. */
    HashRouter router(List<Member> members, int maxServers) {
        throw new UnsupportedOperationException(
                label + " is not a router of lbkit: " + members.size() + ", " + maxServers);
    }

    /** Returns the look-up over servers of these names and of equal weight. */
    Lookup of(List<String> servers, int maxServers) {
        HashRouter router = router(members(servers), maxServers);
        int[] indexes = indexes(router, servers);
        return isSorted(indexes) ? router::owner : hash -> indexes[router.owner(hash)];
    }

    /** Returns the look-up after some of the servers left, one by one, with the indexes that they had before. */
    Lookup without(List<String> servers, int maxServers, List<Integer> removed) {
        List<Integer> left = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            if (!removed.contains(i)) {
                left.add(i);
                names.add(servers.get(i));
            }
        }
        Lookup lookup = of(names, maxServers);
        int[] indexes = left.stream().mapToInt(i -> i).toArray();
        return hash -> indexes[lookup.owner(hash)];
    }

    /** Returns the look-up after some of the servers left, with the indexes among the remaining servers. */
    Lookup remaining(List<String> servers, int maxServers, List<Integer> removed) {
        List<String> left = new ArrayList<>(servers);
        removed.stream().map(servers::get).toList().forEach(left::remove);
        return isLbkit()
                ? router(members(servers), maxServers).withMembers(members(left))::owner
                : of(left, maxServers);
    }

    static List<Member> members(List<String> servers) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            members.add(new Member(servers.get(i), 1, Map.of(HashRouters.NUMBER_LABEL, Integer.toString(i))));
        }
        return members;
    }

    private static int[] indexes(HashRouter router, List<String> servers) {
        return router.members().stream().mapToInt(m -> servers.indexOf(m.id())).toArray();
    }

    private static boolean isSorted(int[] indexes) {
        for (int i = 0; i < indexes.length; i++) {
            if (indexes[i] != i) {
                return false;
            }
        }
        return true;
    }
}
