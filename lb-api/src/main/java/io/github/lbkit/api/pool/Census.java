package io.github.lbkit.api.pool;

import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the launcher what exists: at first until it answers, then at every hint and once in a while without one. One
 * question at a time. Confined to the pool's loop.
 */
final class Census {
    private static final Logger LOG = LoggerFactory.getLogger(Census.class);
    private static final Duration ANSWER_OVERDUE = Duration.ofSeconds(15);
    private static final Duration DEBOUNCE = Duration.ofMillis(50);

    private final Loop loop;
    private final Launcher launcher;
    private final Duration every;
    private final Backoff backoff;
    private final Consumer<List<Launched>> found;
    private final Consumer<String> failed;
    private final Set<InstanceKey> goneMeanwhile = new HashSet<>();
    private @Nullable Subscription next;
    private long nextDueNanos;
    private long number;
    private boolean asking;
    private int failures;
    private long answeredNanos;

    /** Written by the loop, read by whoever asks how old the membership is. */
    private volatile long unansweredSinceNanos = Long.MIN_VALUE;

    Census(
            Loop loop,
            Launcher launcher,
            Duration every,
            Backoff backoff,
            Consumer<List<Launched>> found,
            Consumer<String> failed) {
        this.loop = loop;
        this.launcher = launcher;
        this.every = every;
        this.backoff = backoff;
        this.found = found;
        this.failed = failed;
        this.answeredNanos = loop.nanoTime();
    }

    /** Zero while the launcher answers, else how long ago it last did. */
    Duration age() {
        long since = unansweredSinceNanos;
        return since == Long.MIN_VALUE ? Duration.ZERO : Duration.ofNanos(Math.max(0, loop.nanoTime() - since));
    }

    /** A census that is under way may still show it. */
    void gone(InstanceKey key) {
        if (asking) {
            goneMeanwhile.add(key);
        }
    }

    boolean goneMeanwhile(InstanceKey key) {
        return goneMeanwhile.contains(key);
    }

    void hint() {
        soon(DEBOUNCE);
    }

    void soon(Duration delay) {
        long due = loop.nanoTime() + delay.toNanos();
        if (next != null && nextDueNanos - due <= 0) {
            return;
        }
        if (next != null) {
            next.close();
        }
        nextDueNanos = due;
        next = loop.later(delay, this::ask);
    }

    void stop() {
        asking = false;
        number++;
        if (next != null) {
            next.close();
        }
    }

    private void ask() {
        next = null;
        if (asking) {
            soon(DEBOUNCE);
            return;
        }
        asking = true;
        goneMeanwhile.clear();
        long asked = ++number;
        loop.call(launcher::list, list -> answer(asked, list), reason -> noAnswer(asked, reason));
        loop.later(ANSWER_OVERDUE, () -> noAnswer(asked, "no answer within " + ANSWER_OVERDUE.toSeconds() + " s"));
    }

    private void answer(long asked, List<Launched> list) {
        if (asking && asked == number) {
            asking = false;
            failures = 0;
            answeredNanos = loop.nanoTime();
            unansweredSinceNanos = Long.MIN_VALUE;
            found.accept(list);
            soon(every);
        }
    }

    private void noAnswer(long asked, String reason) {
        if (asking && asked == number) {
            asking = false;
            failures++;
            unansweredSinceNanos = answeredNanos;
            LOG.warn("instances could not be listed ({} times in a row): {}", failures, reason);
            failed.accept(reason);
            soon(backoff.after(failures + 1));
        }
    }
}
