package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.internal.pool.PoolLoop;
import io.github.lbkit.api.pool.spi.PollLoop;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The polling of a launcher for its instances: at every hint and at an interval, and sooner after a failure. Confined
 * to the pool's loop.
 */
final class LauncherPoll {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration DEBOUNCE = Duration.ofMillis(50);

    private final PoolLoop loop;
    private final PoolLog log;
    private final Duration interval;
    private final Backoff retries;
    private final Listener listener;
    private final PollLoop<List<LaunchedInstance>> polls;
    private final Set<InstanceId> goneMeanwhile = new HashSet<>();
    private long answeredNanos;

    /** Written by the loop, read by the threads that ask for the age. */
    private volatile long unansweredSinceNanos = Long.MIN_VALUE;

    /** The part of the pool that requests the lists and handles them. */
    interface Listener {
        /** Requests a list of the launcher. */
        CompletionStage<List<LaunchedInstance>> list();

        /** Handles a list. */
        void listed(List<LaunchedInstance> instances);

        /** Called when the launcher gave no list. */
        void notListed();
    }

    LauncherPoll(PoolLoop loop, PoolLog log, Duration interval, Backoff retries, Listener listener) {
        this.loop = loop;
        this.log = log;
        this.interval = interval;
        this.retries = retries;
        this.listener = listener;
        polls = new PollLoop<>(loop, this::pause, new Lists());
        answeredNanos = loop.nanoTime();
    }

    private Duration pause(int failures, boolean hinted) {
        return hinted ? DEBOUNCE : failures == 0 ? interval : retries.after(failures + 1);
    }

    /** Returns zero while the launcher answers, otherwise the time since its last answer. */
    Duration age() {
        long since = unansweredSinceNanos;
        return since == Long.MIN_VALUE ? Duration.ZERO : Duration.ofNanos(Math.max(0, loop.nanoTime() - since));
    }

    /** Notes an instance that is gone but may still be in the list under way. */
    void gone(InstanceId key) {
        if (polls.isPolling()) {
            goneMeanwhile.add(key);
        }
    }

    boolean goneMeanwhile(InstanceId key) {
        return goneMeanwhile.contains(key);
    }

    /** Requests a list soon; hints that follow each other closely cause one list. */
    void hint() {
        within(DEBOUNCE);
    }

    void within(Duration delay) {
        polls.within(delay);
    }

    void stop() {
        polls.close();
    }

    private final class Lists implements PollLoop.Source<List<LaunchedInstance>> {
        @Override
        public CompletionStage<List<LaunchedInstance>> poll() {
            goneMeanwhile.clear();
            return listener.list();
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.of(TIMEOUT);
        }

        @Override
        public void polled(List<LaunchedInstance> list, long number) {
            List<LaunchedInstance> copy = copy(list);
            if (unansweredSinceNanos != Long.MIN_VALUE) {
                log.sourceBack("the launcher", age());
            }
            answeredNanos = loop.nanoTime();
            unansweredSinceNanos = Long.MIN_VALUE;
            listener.listed(copy);
        }

        @Override
        public void failed(Throwable failure, int failures) {
            unansweredSinceNanos = answeredNanos;
            log.sourceLost(
                    "the launcher cannot list its instances (" + failures + " times in a row): "
                            + GuardedCalls.reason(failure),
                    "the servers known before are kept");
            listener.notListed();
        }
    }

    /** Copies the list, which is code of others: it may throw or contain null. */
    private static List<LaunchedInstance> copy(List<LaunchedInstance> list) {
        try {
            return List.copyOf(list);
        } catch (Throwable e) {
            throw new IllegalArgumentException("the list cannot be read: " + GuardedCalls.reason(e), e);
        }
    }
}
