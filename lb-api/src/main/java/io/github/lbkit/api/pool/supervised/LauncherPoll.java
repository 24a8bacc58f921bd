package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.EarliestTimer;
import io.github.lbkit.api.internal.pool.EventLoop;
import io.github.lbkit.api.internal.pool.PoolLog;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The polling of a launcher for its instances: until the first answer, then at every hint and at an interval. One call
 * at a time. Confined to the pool's loop.
 */
final class LauncherPoll {
    private static final Duration ANSWER_OVERDUE = Duration.ofSeconds(15);
    private static final Duration DEBOUNCE = Duration.ofMillis(50);

    private final EventLoop loop;
    private final PoolLog log;
    private final Launcher launcher;
    private final Supplier<CompletionStage<List<Launched>>> list;
    private final Duration every;
    private final Backoff backoff;
    private final Consumer<List<Launched>> found;
    private final Consumer<String> failed;
    private final Set<InstanceId> goneMeanwhile = new HashSet<>();
    private final EarliestTimer next;
    private @Nullable Subscription overdue;
    private long number;
    private boolean asking;
    private int failures;
    private long answeredNanos;

    /** Written by the loop, read by the threads that ask for the age. */
    private volatile long unansweredSinceNanos = Long.MIN_VALUE;

    LauncherPoll(
            EventLoop loop,
            PoolLog log,
            Launcher launcher,
            Supplier<CompletionStage<List<Launched>>> list,
            Duration every,
            Backoff backoff,
            Consumer<List<Launched>> found,
            Consumer<String> failed) {
        this.loop = loop;
        this.next = new EarliestTimer(loop, this::ask);
        this.log = log;
        this.launcher = launcher;
        this.list = list;
        this.every = every;
        this.backoff = backoff;
        this.found = found;
        this.failed = failed;
        this.answeredNanos = loop.nanoTime();
    }

    /** Returns zero while the launcher answers, otherwise the time since its last answer. */
    Duration age() {
        long since = unansweredSinceNanos;
        return since == Long.MIN_VALUE ? Duration.ZERO : Duration.ofNanos(Math.max(0, loop.nanoTime() - since));
    }

    /** Notes an instance that is gone but may still be in the list under way. */
    void gone(InstanceId key) {
        if (asking) {
            goneMeanwhile.add(key);
        }
    }

    boolean goneMeanwhile(InstanceId key) {
        return goneMeanwhile.contains(key);
    }

    void hint() {
        within(DEBOUNCE);
    }

    void within(Duration delay) {
        next.within(delay);
    }

    void stop() {
        answered();
        number++;
        next.stop();
    }

    private void ask() {
        if (asking) {
            within(DEBOUNCE);
            return;
        }
        asking = true;
        goneMeanwhile.clear();
        long asked = ++number;
        loop.call(launcher, "a list", list, answer -> checked(asked, answer), reason -> noAnswer(asked, reason));
        overdue = loop.later(
                ANSWER_OVERDUE, () -> noAnswer(asked, "no answer within " + ANSWER_OVERDUE.toSeconds() + " s"));
    }

    /** Copies the list, which is code of others: it may throw or contain null. */
    private void checked(long asked, List<Launched> list) {
        List<Launched> copy;
        try {
            copy = List.copyOf(list);
        } catch (Throwable e) {
            noAnswer(asked, "the list cannot be read: " + GuardedCalls.reason(e));
            return;
        }
        answer(asked, copy);
    }

    private void answer(long asked, List<Launched> list) {
        if (asking && asked == number) {
            answered();
            if (failures > 0) {
                log.sourceBack("the launcher", age());
            }
            failures = 0;
            answeredNanos = loop.nanoTime();
            unansweredSinceNanos = Long.MIN_VALUE;
            within(every);
            found.accept(list);
        }
    }

    private void answered() {
        asking = false;
        if (overdue != null) {
            overdue.close();
        }
    }

    private void noAnswer(long asked, String reason) {
        if (asking && asked == number) {
            answered();
            failures++;
            unansweredSinceNanos = answeredNanos;
            log.sourceLost(
                    "the launcher cannot list its instances (" + failures + " times in a row): " + reason,
                    "the servers of before stay");
            failed.accept(reason);
            within(backoff.after(failures + 1));
        }
    }
}
