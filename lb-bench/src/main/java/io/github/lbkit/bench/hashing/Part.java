package io.github.lbkit.bench.hashing;

import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

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
    /** How many keys move when a server joins or leaves. */
    MOVES {
        @Override
        void measure(Results results) {
            for (Contender contender : Contender.COMPARED) {
                for (int servers : SIZES) {
                    if (servers < 1_000 || contender != Contender.ALLGOOD) {
                        double left = Shape.movedByLeaving(contender, servers);
                        results.put("leave", contender.label(), servers, left, "of the least");
                        double joined = Shape.movedByJoining(contender, servers);
                        results.put("join", contender.label(), servers, joined, "of the least");
                    }
                }
            }
        }
    },
    /** How much memory, and how many candidates bounded load looks at. */
    MEMORY {
        @Override
        void measure(Results results) {
            for (Contender contender : List.of(Contender.HASH, Contender.RING, Contender.TREE_MAP)) {
                for (int servers : List.of(100, 1_000)) {
                    results.put(
                            "memory", contender.label(), servers, Shape.bytesPerServer(contender, servers), "B/server");
                }
            }
            for (Contender contender : List.of(Contender.HASH, Contender.RING, Contender.RENDEZVOUS)) {
                var router = contender.router(Contender.members(Fleet.names(1_000)), 1_000);
                results.put(FIXED_CAP, contender.label(), 1_000, Shape.candidatesUnderCap(router, 1.05, false), "");
                results.put(RISING_CAP, contender.label(), 1_000, Shape.candidatesUnderCap(router, 1.05, true), "");
            }
        }
    },
    /** From a number to a server: ours. */
    OURS {
        @Override
        void measure(Results results) throws RunnerException {
            lookups(
                    results,
                    "HASH",
                    "CAPPED",
                    "RING",
                    "MAGLEV",
                    "JUMP",
                    "ENVOY_RING",
                    "ENVOY_MAGLEV",
                    "KETAMA",
                    "RENDEZVOUS");
            run(
                    results,
                    options(LookupBenchmark.class)
                            .param("contender", "WEIGHTED")
                            .param("servers", "10"),
                    "look-up");
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
            run(
                    results,
                    options(LookupBenchmark.class)
                            .param("contender", "HASH", "RING", "TREE_MAP", "JUMP_BACK_ANCHOR")
                            .param("servers", "1000", "10000")
                            .param("removedPercent", "90"),
                    "look-up after 90 % left");
        }
    },
    /** From a key of 24 characters to a server. */
    STRINGS {
        @Override
        void measure(Results results) throws RunnerException {
            run(results, options(StringBenchmark.class).param("servers", "10", "100", "1000"), "string");
        }
    },
    /** The hash of a key alone; what stands for servers is the number of characters. */
    KEYS {
        @Override
        void measure(Results results) throws RunnerException {
            run(results, options(KeyHashBenchmark.class), "key hash");
        }
    },
    /** Servers that join and leave. */
    CHANGES {
        @Override
        void measure(Results results) throws RunnerException {
            run(results, options(ChangeBenchmark.class), "change");
        }
    },
    /** Candidates behind the owner; what stands for servers is the number of candidates, of 1,000 servers. */
    WALKS {
        @Override
        void measure(Results results) throws RunnerException {
            for (String keys : List.of("1024", "1000000000")) {
                run(
                        results,
                        options(CandidatesBenchmark.class)
                                .param("servers", "1000")
                                .param("keys", keys),
                        keys.equals("1024") ? "walk, keys seen before" : "walk, new keys");
            }
        }
    };

    static final String FIXED_CAP = "candidates, c = 1.05, cap of all keys";
    static final String RISING_CAP = "candidates, c = 1.05, cap of keys so far";

    private static final List<Integer> SIZES = List.of(10, 100, 1_000);

    abstract void measure(Results results) throws RunnerException;

    private static void lookups(Results results, String... contenders) throws RunnerException {
        run(
                results,
                options(LookupBenchmark.class).param("contender", contenders).param("removedPercent", "0"),
                "look-up");
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark) {
        return new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class);
    }

    private static void run(Results results, ChainedOptionsBuilder options, String what) throws RunnerException {
        for (RunResult run : new Runner(options.build()).run()) {
            var params = run.getParams();
            String method =
                    params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
            String name = what.equals("change") ? method : what;
            String who = params.getParam(what.equals("key hash") ? "function" : "contender");
            String label = what.equals("key hash") || who.equals("NONE")
                    ? who.equals("NONE") ? "hash alone" : who
                    : Contender.valueOf(who).label();
            int servers = Integer.parseInt(params.getParam(
                    what.equals("key hash") ? "length" : what.startsWith("walk") ? "candidates" : "servers"));
            var primary = run.getPrimaryResult();
            results.put(name, label, servers, primary.getStatistics().getMin(), primary.getScoreUnit());
            var allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
            if (allocated != null && !what.equals("change")) {
                results.put(name + ", allocated", label, servers, Math.rint(allocated.getScore()), "B/op");
            }
        }
    }
}
