package io.github.lbkit.api.internal.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The state of one name: its last good answer, its last failure, the look-up under way and the calls that wait for it.
 * Guarded by the resolver's monitor. Methods that end waits return the completions, which must run outside the monitor.
 */
final class CachedName {
    /** The age up to which an answer is used without a wait while a look-up is under way. */
    private static final long STALE_NANOS = Duration.ofMinutes(1).toNanos();

    /** The time for which a look-up holds back an answer of more than {@link #STALE_NANOS}. */
    static final long GRACE_NANOS = Duration.ofMillis(250).toNanos();

    /** The pause after a failed look-up. */
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    final String name;
    private final LookupLog log;
    private final List<Wait> waits = new ArrayList<>();

    /** The last good answer; empty if there was none. */
    private List<InetAddress> addresses = List.of();

    private long confirmedNanos;

    /** The failure of the last look-up; null if that look-up succeeded or none has ended. */
    private @Nullable UnknownHostException failure;

    private long failedNanos;
    /**
     * Set by the first call that accepts an earlier answer; callers of the other kind report failures by themselves.
     */
    private boolean reported;

    private boolean looking;
    private long begunNanos;
    private boolean overdue;

    /** The number of look-ups so far; identifies the look-up under way. */
    private long lookups;

    /** One call that waits; a strict one takes the answer of the look-up under way only. */
    private record Wait(CompletableFuture<List<InetAddress>> call, boolean strict) {}

    CachedName(String name) {
        this.name = name;
        log = new LookupLog(name);
    }

    boolean isLooking() {
        return looking;
    }

    boolean hasAnswer() {
        return !addresses.isEmpty();
    }

    /** Returns whether the look-up of this number is under way. */
    boolean isLooking(long lookup) {
        return looking && lookup == lookups;
    }

    /** Returns whether a call must start a look-up. */
    boolean isDue(boolean strict, long now, long freshNanos) {
        if (looking || strict) {
            return !looking;
        }
        boolean mayRetry = failure == null || now - failedNanos >= RETRY_NANOS;
        return mayRetry && (!hasAnswer() || now - confirmedNanos >= freshNanos);
    }

    /** Starts a look-up and returns its number. */
    long begin(long now) {
        looking = true;
        begunNanos = now;
        overdue = false;
        return ++lookups;
    }

    /** Answers a call now or when the look-up under way ends. The call must not have dependent actions yet. */
    void ask(CompletableFuture<List<InetAddress>> call, boolean strict, long now) {
        reported |= !strict;
        boolean known = !strict && hasAnswer();
        if (known
                && (!looking
                        || failure != null
                        || now - confirmedNanos <= STALE_NANOS
                        || now - begunNanos >= GRACE_NANOS)) {
            call.complete(addresses);
        } else if (failure != null && (overdue || !looking)) {
            call.completeExceptionally(failure);
        } else {
            waits.add(new Wait(call, strict));
        }
    }

    /** Ends waits that the last good answer can end. */
    List<Runnable> giveLastAnswer() {
        List<Runnable> ended = new ArrayList<>();
        List<InetAddress> answer = addresses;
        waits.removeIf(wait -> {
            boolean ends = !wait.strict() && !answer.isEmpty();
            if (ends) {
                ended.add(() -> wait.call().complete(answer));
            }
            return ends;
        });
        return ended;
    }

    /** Ends the look-up with an answer. */
    List<Runnable> found(List<InetAddress> answer, long now) {
        looking = false;
        overdue = false;
        failure = null;
        addresses = answer;
        confirmedNanos = now;
        List<Runnable> ended = log.succeeded(answer, now);
        waits.forEach(wait -> ended.add(() -> wait.call().complete(answer)));
        waits.clear();
        return ended;
    }

    /** Ends the look-up without an answer. */
    List<Runnable> failed(UnknownHostException reason, long now) {
        looking = false;
        overdue = false;
        return endWaits(reason, now);
    }

    /** Counts the look-up as failed, though it has not returned. */
    List<Runnable> late(UnknownHostException reason, long now) {
        overdue = true;
        return endWaits(reason, now);
    }

    /** Ends the waits without a trace, because the resolver is closed. */
    List<Runnable> abandon(UnknownHostException reason) {
        List<Runnable> ended = new ArrayList<>();
        waits.forEach(wait -> ended.add(() -> wait.call().completeExceptionally(reason)));
        waits.clear();
        return ended;
    }

    private List<Runnable> endWaits(UnknownHostException reason, long now) {
        failure = reason;
        failedNanos = now;
        List<Runnable> ended = new ArrayList<>();
        if (reported) {
            ended.addAll(log.failed(reason, addresses, now - confirmedNanos, now));
        }
        ended.addAll(giveLastAnswer());
        waits.forEach(wait -> ended.add(() -> wait.call().completeExceptionally(reason)));
        waits.clear();
        return ended;
    }
}
