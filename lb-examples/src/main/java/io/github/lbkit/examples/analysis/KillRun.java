package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Server;
import io.github.lbkit.examples.analysis.result.AnalysisSettings;
import io.github.lbkit.examples.analysis.result.Recovery;
import io.github.lbkit.examples.analysis.subject.Kill;
import io.github.lbkit.examples.analysis.subject.StartedBalancer;
import io.github.lbkit.examples.load.LoadFailure;
import io.github.lbkit.examples.load.LoadGenerator;
import io.github.lbkit.examples.load.LoadObserver;
import io.github.lbkit.examples.load.LoadPlan;
import io.github.lbkit.examples.load.LoadResult;
import io.github.lbkit.examples.load.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A load at a constant rate; one server is killed in its middle. Confined to the thread of the load, except for the
 * kill itself.
 */
final class KillRun implements LoadObserver {
    private static final double BUCKET = 0.1;
    private static final long RECOVERY_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int FURTHER = 20;

    private final Server victim;
    private final Kill.Prepared prepared;
    private final RecoveryWatch watch;
    private final LoadObserver progress;
    private final long half;
    private final Map<String, List<Long>> answered = new HashMap<>();
    private final List<Long> failed = new ArrayList<>();
    private final CompletableFuture<Long> killedNanos = new CompletableFuture<>();
    private long ended;

    private KillRun(Server victim, Kill.Prepared prepared, RecoveryWatch watch, LoadObserver progress, long half) {
        this.victim = victim;
        this.prepared = prepared;
        this.watch = watch;
        this.progress = progress;
        this.half = half;
    }

    /** Runs the load, then waits up to 30 seconds for the replacement. */
    static Recovery of(
            StartedBalancer balancer, RecoveryWatch watch, Kill kill, AnalysisSettings settings, Progress progress)
            throws IOException, InterruptedException {
        long requests = settings.requests() * AnalysisSettings.KILL_FACTOR;
        Server victim = balancer.victim();
        Kill.Prepared prepared = kill.prepare(balancer.pool(), victim);
        KillRun run = new KillRun(victim, prepared, watch, progress, Math.max(1, requests / 2));
        progress.begin("3 servers, one killed", requests);
        long start = System.nanoTime();
        LoadResult load = LoadGenerator.run(
                LoadPlan.constantRate(
                        balancer.address(),
                        AnalysisSettings.PATH,
                        requests,
                        settings.connections(),
                        settings.perSecond(),
                        settings.seed()),
                run);
        progress.end();
        if (run.ended < run.half) {
            throw new IOException("the load ended after " + run.ended + " of " + requests
                    + " requests, before a server was to be killed");
        }
        double killedAt;
        try {
            killedAt = (run.killedNanos.join() - start) / 1e9;
        } catch (CompletionException e) {
            throw new IOException(
                    "server '" + victim.id() + "' could not be killed: "
                            + (e.getCause() == null ? e : e.getCause().getMessage()),
                    e);
        }
        Tail tail = run.waitForReplacement(balancer, settings.seed());
        RecoveryWatch.Times times = watch.times();
        return new Recovery(
                load,
                settings.perSecond(),
                victim.id(),
                kill.how(),
                killedAt,
                seconds(times.detected(), start),
                seconds(times.launched(), start),
                seconds(times.replaced(), start),
                seconds(times.served(), start),
                tail.sent(),
                tail.failed(),
                BUCKET,
                run.answered,
                run.failed);
    }

    private static OptionalDouble seconds(OptionalLong nanos, long start) {
        return nanos.isPresent() ? OptionalDouble.of((nanos.getAsLong() - start) / 1e9) : OptionalDouble.empty();
    }

    /** The requests after the load. */
    private record Tail(long sent, long failed) {}

    private Tail waitForReplacement(StartedBalancer balancer, long seed) {
        long deadline = System.nanoTime() + RECOVERY_NANOS;
        long sent = 0;
        long lost = 0;
        while (!watch.recovered() && System.nanoTime() - deadline < 0) {
            LoadResult few = LoadGenerator.run(
                    LoadPlan.constantRate(balancer.address(), AnalysisSettings.PATH, FURTHER, 2, 200, seed + sent + 1),
                    LoadObserver.NONE);
            sent += few.planned();
            lost += few.failed();
        }
        return new Tail(sent, lost);
    }

    @Override
    public void answered(long atNanos, int status, Optional<String> server) {
        progress.answered(atNanos, status, server);
        if (status < 400) {
            count(answered.computeIfAbsent(server.orElse("unnamed"), s -> new ArrayList<>()), atNanos);
        } else {
            count(failed, atNanos);
        }
        endedOne();
    }

    @Override
    public void failed(long atNanos, LoadFailure failure) {
        progress.failed(atNanos, failure);
        count(failed, atNanos);
        endedOne();
    }

    private static void count(List<Long> buckets, long atNanos) {
        int bucket = (int) (atNanos / 1e9 / BUCKET);
        while (buckets.size() <= bucket) {
            buckets.add(0L);
        }
        buckets.set(bucket, buckets.get(bucket) + 1);
    }

    private void endedOne() {
        ended++;
        if (ended == half) {
            Thread killer = new Thread(this::killNow, "lbkit-kill");
            killer.setDaemon(true);
            killer.start();
        }
    }

    private void killNow() {
        watch.expectLoss(victim);
        long now = System.nanoTime();
        try {
            prepared.kill();
            killedNanos.complete(now);
        } catch (IOException | RuntimeException e) {
            killedNanos.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            killedNanos.completeExceptionally(e);
        }
    }
}
