package io.github.lbkit.testkit.docker.internal.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The faults of one engine: which calls fail, and how calls and events are delayed, lost or repeated. Thread-safe. */
public final class Faults {
    /** Guarded by this object's monitor, as are all fields below; threads that are held wait on it. */
    private final List<Rule> rules = new ArrayList<>();

    private boolean frozen;
    private boolean readOnly;
    private boolean closed;
    private boolean eventsHeld;
    private int eventsToLose;
    private int eventCopies = 1;
    private Duration delay = Duration.ZERO;

    private static final class Rule {
        private final Pattern call;
        private final CallFault fault;
        private int times;

        Rule(String call, int times, CallFault fault) {
            this.call = Pattern.compile(call);
            this.times = times;
            this.fault = fault;
        }
    }

    /** Creates the faults of an engine that has none yet. */
    public Faults() {}

    /** Freezes or thaws the engine: while frozen, calls and event streams wait. */
    public synchronized void frozen(boolean value) {
        frozen = value;
        notifyAll();
    }

    /** Sets the delay of each response. */
    public synchronized void delay(Duration value) {
        delay = value;
    }

    /** Sets whether calls that {@link ReadOnlyFilter} does not pass are refused with 403. */
    public synchronized void readOnly(boolean value) {
        readOnly = value;
    }

    /** Applies a fault to the next calls that match. */
    public synchronized void add(String call, int times, CallFault fault) {
        rules.add(new Rule(call, times, fault));
    }

    /** Loses this many of the next events. */
    public synchronized void loseEvents(int count) {
        eventsToLose = count;
    }

    /** Sets how often each event is delivered, 1 or more. */
    public synchronized void repeatEvents(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times " + times + " is not 1 or more; to lose events, call loseEvents");
        }
        eventCopies = times;
    }

    /** Sets whether event streams are held back. */
    public synchronized void eventsHeld(boolean value) {
        eventsHeld = value;
        notifyAll();
    }

    /** Removes all faults. */
    public synchronized void clear() {
        rules.clear();
        frozen = false;
        readOnly = false;
        eventsHeld = false;
        eventsToLose = 0;
        eventCopies = 1;
        delay = Duration.ZERO;
        notifyAll();
    }

    /** Takes the fault of this call; empty if the call has none. */
    synchronized Optional<CallFault> take(Request request) {
        for (Iterator<Rule> all = rules.iterator(); all.hasNext(); ) {
            Rule rule = all.next();
            if (rule.call.matcher(request.call()).matches()) {
                if (--rule.times <= 0) {
                    all.remove();
                }
                return Optional.of(rule.fault);
            }
        }
        if (readOnly && !ReadOnlyFilter.passes(request)) {
            return Optional.of(
                    CallFault.refused(403, "the read-only filter in front of this engine refuses this call"));
        }
        return Optional.empty();
    }

    /** Returns how often an event that happens now is delivered: 0 if it is lost. */
    public synchronized int takeEventCopies() {
        if (eventsToLose > 0) {
            eventsToLose--;
            return 0;
        }
        return eventCopies;
    }

    /** Waits for the delay of a response, and while the engine is frozen. */
    synchronized void awaitCallAllowed() throws InterruptedException {
        long due = System.nanoTime() + delay.toNanos();
        while (!closed) {
            long left = due - System.nanoTime();
            if (frozen) {
                wait();
            } else if (left > 0) {
                wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            } else {
                return;
            }
        }
    }

    /** Waits while the engine is frozen or its events are held back. */
    public synchronized void awaitEventAllowed() throws InterruptedException {
        while ((frozen || eventsHeld) && !closed) {
            wait();
        }
    }

    /** Waits until the engine is closed. */
    synchronized void awaitClosed() throws InterruptedException {
        while (!closed) {
            wait();
        }
    }

    /** Releases all threads that wait here, now and later. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
