package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.HashRouter;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** A part of the measurements. Each part takes a few minutes. */
enum ReportPart {
    /** The peak load. The result is the median over several sets of names, because it depends on the names. */
    PEAKS {
        @Override
        void measure(Results results) {
            for (Algorithm algorithm : Algorithm.COMPARED) {
                for (int servers : SIZES) {
                    if (servers < 1_000 || algorithm != Algorithm.ALLGOOD) {
                        results.put(
                                "peak",
                                algorithm.label(),
                                servers,
                                RouterMeasures.peak(algorithm, servers),
                                "of the mean");
                    }
                }
            }
        }
    },
    /** The number of keys that move when a server leaves. */
    LEAVES {
        @Override
        void measure(Results results) {
            for (Algorithm algorithm : Algorithm.COMPARED) {
                for (int servers : SIZES) {
                    if (servers < 1_000 || algorithm != Algorithm.ALLGOOD) {
                        double moved = RouterMeasures.movedByLeaving(algorithm, servers);
                        results.put("leave", algorithm.label(), servers, moved, "of the least");
                    }
                }
            }
        }
    },
    /** The number of keys that move when a server joins. */
    JOINS {
        @Override
        void measure(Results results) {
            for (Algorithm algorithm : Algorithm.COMPARED) {
                for (int servers : SIZES) {
                    if (servers < 1_000 || algorithm != Algorithm.ALLGOOD) {
                        double moved = RouterMeasures.movedByJoining(algorithm, servers);
                        results.put("join", algorithm.label(), servers, moved, "of the least");
                    }
                }
            }
        }
    },
    /** The memory for each server. */
    MEMORY {
        @Override
        void measure(Results results) {
            for (Algorithm algorithm : List.of(Algorithm.HASH, Algorithm.RING, Algorithm.TREE_MAP)) {
                for (int servers : List.of(100, 1_000)) {
                    results.put(
                            "memory",
                            algorithm.label(),
                            servers,
                            RouterMeasures.bytesPerServer(algorithm, servers),
                            "B/server");
                }
            }
        }
    },
    /** The number of candidates that bounded load inspects. */
    BOUNDED {
        @Override
        void measure(Results results) {
            for (Algorithm algorithm : List.of(Algorithm.HASH, Algorithm.RING, Algorithm.RENDEZVOUS)) {
                HashRouter router = algorithm.router(Algorithm.members(Workload.names(1_000)), 1_000);
                results.put(
                        FIXED_CAP,
                        algorithm.label(),
                        1_000,
                        BoundedLoadModel.underCapOfAll(router, 1.05, 100),
                        "candidates");
                results.put(
                        RISING_CAP,
                        algorithm.label(),
                        1_000,
                        BoundedLoadModel.underRisingCap(router, 1.05, 100),
                        "candidates");
            }
            HashRouter router = Algorithm.HASH.router(Algorithm.members(Workload.names(1_000)), 1_000);
            for (double factor : List.of(1.05, 1.1, 1.25, 1.5, 2.0)) {
                for (int keysPerServer : List.of(1, 10, 100, 400, 1_000)) {
                    results.put(
                            "candidates, steady, c = " + factor + ", in flight a server",
                            Algorithm.HASH.label(),
                            keysPerServer,
                            BoundedLoadModel.steady(router, factor, keysPerServer),
                            "candidates");
                }
            }
        }
    },
    /** Look-ups by number: routers of lbkit with a table. */
    TABLES {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "HASH", "CAPPED", "MAGLEV", "ENVOY_MAGLEV", "BARE_TABLE");
        }
    },
    /** Look-ups by number: routers of lbkit with a ring. */
    RINGS {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "RING", "ENVOY_RING", "KETAMA");
        }
    },
    /** Look-ups by number: routers of lbkit that compute the owner. */
    COMPUTED {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "RENDEZVOUS", "WEIGHTED", "JUMP");
        }
    },
    /** Look-ups by number: other libraries. */
    PEERS {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "TREE_MAP", "GUAVA", "JUMP_BACK", "JUMP_BACK_ANCHOR", "ALLGOOD");
        }
    },
    /** Look-ups by number after nine of ten servers have left. */
    REMOVED {
        @Override
        void measure(Results results) throws RunnerException {
            new JmhRunner(results)
                    .measure(
                            "look-up after 90 % left",
                            JmhRunner.options(LookupBenchmark.class)
                                    .param("algorithm", "HASH", "RING", "TREE_MAP", "JUMP_BACK_ANCHOR")
                                    .param("servers", "1000", "10000")
                                    .param("removedPercent", "90"));
        }
    },
    /** Look-ups by a key of 24 characters. */
    STRINGS {
        @Override
        void measure(Results results) throws RunnerException {
            ChainedOptionsBuilder options =
                    JmhRunner.options(StringBenchmark.class).param("servers", "10", "100", "1000");
            new JmhRunner(results).measure("string", options.param("keys", "16384"));
        }
    },
    /** Look-ups by few keys of 24 characters, which stay in the cache of a core together with their servers. */
    FEW {
        @Override
        void measure(Results results) throws RunnerException {
            new JmhRunner(results)
                    .measure(
                            FEW_STRINGS,
                            JmhRunner.options(StringBenchmark.class)
                                    .param("algorithm", StringBenchmark.HASH_ALONE, "HASH", "TREE_MAP", "BARE_TABLE")
                                    .param("servers", "10", "100", "1000")
                                    .param("keys", "1024"));
        }
    },
    /** The hash of a key alone. The column of servers holds the number of characters. */
    KEYS {
        @Override
        void measure(Results results) throws RunnerException {
            new JmhRunner(results)
                    .measure(method -> "key hash", JmhRunner.options(KeyHashBenchmark.class), "function", "length");
        }
    },
    /** Changes: servers that join and leave. */
    CHANGES {
        @Override
        void measure(Results results) throws RunnerException {
            new JmhRunner(results)
                    .measure(method -> method, JmhRunner.options(ChangeBenchmark.class), "algorithm", "servers");
        }
    },
    /** Candidates after the owner, of 1,000 servers. The column of servers holds the number of candidates. */
    WALKS {
        @Override
        void measure(Results results) throws RunnerException {
            for (String keys : List.of("1024", "1000000000")) {
                new JmhRunner(results)
                        .measure(
                                method -> keys.equals("1024") ? "walk, keys seen before" : "walk, new keys",
                                JmhRunner.options(CandidatesBenchmark.class)
                                        .param("servers", "1000")
                                        .param("keys", keys),
                                "algorithm",
                                "candidates");
            }
        }
    };

    static final String FEW_STRINGS = "string, of 1,024";
    static final String FIXED_CAP = "candidates, c = 1.05, cap of all keys";
    static final String RISING_CAP = "candidates, c = 1.05, cap of keys so far";

    private static final List<Integer> SIZES = List.of(10, 100, 1_000);

    abstract void measure(Results results) throws RunnerException;

    private static void lookups(Results results, String... algorithms) throws RunnerException {
        new JmhRunner(results)
                .measure(
                        "look-up",
                        JmhRunner.options(LookupBenchmark.class)
                                .param("algorithm", algorithms)
                                .param("removedPercent", "0"));
    }
}
