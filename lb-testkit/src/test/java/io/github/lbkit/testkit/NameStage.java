package io.github.lbkit.testkit;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A caching resolver on a clock that a test moves, whose look-ups end when the test says so. Confined to the test's thread. */
final class NameStage implements Runtimes, AutoCloseable {
    final ManualScheduler time = new ManualScheduler();
    final NameResolver resolver;

    /** The names of all look-ups that began, in order. */
    final List<String> lookups = new ArrayList<>();

    /** The scripted answers; a name without an answer is unknown. */
    final Map<String, List<InetAddress>> zone = new HashMap<>();

    /** The names that throw this instead of answering. */
    final Map<String, RuntimeException> broken = new HashMap<>();

    /** Tasks of look-up threads that have not run: look-ups under way. */
    private final Deque<Runnable> underWay = new ArrayDeque<>();

    final Set<Lane> lanes = new HashSet<>();
    int mostLanes;

    NameStage(NameResolver.Caching settings) {
        resolver = NameResolver.caching(this, settings, this::answer);
    }

    NameStage() {
        this(NameResolver.Caching.DEFAULTS);
    }

    static InetAddress ip(String text) {
        return NameResolver.literal(text).orElseThrow();
    }

    private List<InetAddress> answer(String name) throws IOException {
        lookups.add(name);
        if (broken.containsKey(name)) {
            throw broken.get(name);
        }
        List<InetAddress> answer = zone.get(name);
        if (answer == null) {
            throw new UnknownHostException(name);
        }
        return answer;
    }

    CompletableFuture<List<InetAddress>> ask(String host) {
        return resolver.resolve(host).toCompletableFuture();
    }

    /** Asks, lets the look-up end, and returns the answer. */
    List<InetAddress> answerOf(String host) {
        CompletableFuture<List<InetAddress>> call = ask(host);
        endLookups();
        if (!call.isDone()) {
            throw new AssertionError("the call for " + host + " waits, though all look-ups with a thread have ended");
        }
        return call.join();
    }

    int underWay() {
        return underWay.size();
    }

    /** Ends the look-ups that are under way, and those that wait for their threads. */
    void endLookups() {
        for (Runnable task; (task = underWay.poll()) != null; ) {
            task.run();
        }
    }

    /** Ends the look-up that began first. */
    void endOldest() {
        underWay.remove().run();
    }

    /** Leaves the look-ups that are under way without an answer; returns them. */
    List<Runnable> hang() {
        List<Runnable> hanging = new ArrayList<>(underWay);
        underWay.clear();
        return hanging;
    }

    void pass(Duration by) {
        time.advance(by);
    }

    @Override
    public Scheduler scheduler(String name) {
        return name.startsWith("names-lookup") ? new Lane() : time.asRuntimes().scheduler(name);
    }

    @Override
    public void close() {
        resolver.close();
    }

    /** A look-up thread. */
    final class Lane implements Scheduler {
        Lane() {
            lanes.add(this);
            mostLanes = Math.max(mostLanes, lanes.size());
        }

        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public Instant now() {
            return time.now();
        }

        @Override
        public Subscription schedule(Duration delay, Runnable task) {
            underWay.add(task);
            return () -> underWay.remove(task);
        }

        @Override
        public void close() {
            lanes.remove(this);
        }
    }
}
