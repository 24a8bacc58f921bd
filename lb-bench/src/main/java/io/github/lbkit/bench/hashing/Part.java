package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.HashRouter;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** A part of the measurements, of a few minutes each. */
enum Part {
    /** How even: of several sets of names the one in the middle, since which names there are is a matter of luck. */
    PEAKS {
        @Override
        void measure(Results results) {
            for (Contender contender : Contender.COMPARED) {
                for (int servers : SIZES) {
                    if (servers < 1_000 || contender != Contender.ALLGOOD) {
                        results.put("peak", contender.label(), servers, Shape.peak(contender, servers), "of the mean");
                    }
                }
            }
        }
    },
    /** How many keys move when a server leaves. */
    LEAVES {
        @Override
        void measure(Results results) {
            for (Contender contender : Contender.COMPARED) {
                for (int servers : SIZES) {
                    if (servers < 1_000 || contender != Contender.ALLGOOD) {
                        double moved = Shape.movedByLeaving(contender, servers);
                        results.put("leave", contender.label(), servers, moved, "of the least");
                    }
                }
            }
        }
    },
    /** How many keys move when a server joins. */
    JOINS {
        @Override
        void measure(Results results) {
            for (Contender contender : Contender.COMPARED) {
                for (int servers : SIZES) {
                    if (servers < 1_000 || contender != Contender.ALLGOOD) {
                        double moved = Shape.movedByJoining(contender, servers);
                        results.put("join", contender.label(), servers, moved, "of the least");
                    }
                }
            }
        }
    },
    /** How much memory. */
    MEMORY {
        @Override
        void measure(Results results) {
            for (Contender contender : List.of(Contender.HASH, Contender.RING, Contender.TREE_MAP)) {
                for (int servers : List.of(100, 1_000)) {
                    results.put(
                            "memory", contender.label(), servers, Shape.bytesPerServer(contender, servers), "B/server");
                }
            }
        }
    },
    /** How many candidates bounded load looks at. */
    BOUNDED {
        @Override
        void measure(Results results) {
            for (Contender contender : List.of(Contender.HASH, Contender.RING, Contender.RENDEZVOUS)) {
                HashRouter router = contender.router(Contender.members(Fleet.names(1_000)), 1_000);
                results.put(
                        FIXED_CAP,
                        contender.label(),
                        1_000,
                        FilledServers.underCapOfAll(router, 1.05, 100),
                        "candidates");
                results.put(
                        RISING_CAP,
                        contender.label(),
                        1_000,
                        FilledServers.underRisingCap(router, 1.05, 100),
                        "candidates");
            }
            HashRouter router = Contender.HASH.router(Contender.members(Fleet.names(1_000)), 1_000);
            for (double factor : List.of(1.05, 1.1, 1.25, 1.5, 2.0)) {
                for (int keysOfEach : List.of(1, 10, 100, 400, 1_000)) {
                    results.put(
                            "candidates, steady, c = " + factor + ", in flight a server",
                            Contender.HASH.label(),
                            keysOfEach,
                            FilledServers.steady(router, factor, keysOfEach),
                            "candidates");
                }
            }
        }
    },
    /** From a number to a server: ours that look at a table. */
    TABLES {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "HASH", "CAPPED", "MAGLEV", "ENVOY_MAGLEV", "BARE_TABLE");
        }
    },
    /** From a number to a server: ours that look at a ring. */
    RINGS {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "RING", "ENVOY_RING", "KETAMA");
        }
    },
    /** From a number to a server: ours that compute. */
    COMPUTED {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "RENDEZVOUS", "WEIGHTED", "JUMP");
        }
    },
    /** From a number to a server: those of others. */
    PEERS {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(results, "TREE_MAP", "GUAVA", "JUMP_BACK", "JUMP_BACK_ANCHOR", "ALLGOOD");
        }
    },
    /** After nine of ten servers have left. */
    REMOVED {
        @Override
        void measure(Results results) throws RunnerException {
            new Timings(results)
                    .measure(
                            "look-up after 90 % left",
                            Timings.options(LookupBenchmark.class)
                                    .param("contender", "HASH", "RING", "TREE_MAP", "JUMP_BACK_ANCHOR")
                                    .param("servers", "1000", "10000")
                                    .param("removedPercent", "90"));
        }
    },
    /** From a key of 24 characters to a server. */
    STRINGS {
        @Override
        void measure(Results results) throws RunnerException {
            ChainedOptionsBuilder options =
                    Timings.options(StringBenchmark.class).param("servers", "10", "100", "1000");
            new Timings(results).measure("string", options.param("keys", "16384"));
        }
    },
    /** The same for fewer keys, which stay in a core's own cache with their servers. */
    FEW {
        @Override
        void measure(Results results) throws RunnerException {
            new Timings(results)
                    .measure(
                            FEW_STRINGS,
                            Timings.options(StringBenchmark.class)
                                    .param("contender", Targets.ALONE, "HASH", "TREE_MAP", "BARE_TABLE")
                                    .param("servers", "10", "100", "1000")
                                    .param("keys", "1024"));
        }
    },
    /** The hash of a key alone; what stands for servers is the number of characters. */
    KEYS {
        @Override
        void measure(Results results) throws RunnerException {
            new Timings(results)
                    .measure(method -> "key hash", Timings.options(KeyHashBenchmark.class), "function", "length");
        }
    },
    /** Servers that join and leave. */
    CHANGES {
        @Override
        void measure(Results results) throws RunnerException {
            new Timings(results)
                    .measure(method -> method, Timings.options(ChangeBenchmark.class), "contender", "servers");
        }
    },
    /** Candidates behind the owner; what stands for servers is the number of candidates, of 1,000 servers. */
    WALKS {
        @Override
        void measure(Results results) throws RunnerException {
            for (String keys : List.of("1024", "1000000000")) {
                new Timings(results)
                        .measure(
                                method -> keys.equals("1024") ? "walk, keys seen before" : "walk, new keys",
                                Timings.options(CandidatesBenchmark.class)
                                        .param("servers", "1000")
                                        .param("keys", keys),
                                "contender",
                                "candidates");
            }
        }
    };

    static final String FEW_STRINGS = "string, of 1,024";
    static final String FIXED_CAP = "candidates, c = 1.05, cap of all keys";
    static final String RISING_CAP = "candidates, c = 1.05, cap of keys so far";

    private static final List<Integer> SIZES = List.of(10, 100, 1_000);

    abstract void measure(Results results) throws RunnerException;

    private static void lookups(Results results, String... contenders) throws RunnerException {
        new Timings(results)
                .measure(
                        "look-up",
                        Timings.options(LookupBenchmark.class)
                                .param("contender", contenders)
                                .param("removedPercent", "0"));
    }
}
