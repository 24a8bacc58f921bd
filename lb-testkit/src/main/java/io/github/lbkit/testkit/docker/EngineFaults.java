package io.github.lbkit.testkit.docker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What is wrong with a {@link FakeEngine}, on a test's command. Calls are named as {@code METHOD /path} by a regular
 * expression that must match the whole, without API version and query: {@code POST /containers/[^/]+/start}. Thread-safe.
 */
public final class EngineFaults {
    /** Guarded by this object's lock, as is all below, and waited for on it. */
    private final List<Rule> rules = new ArrayList<>();

    private boolean frozen;
    private boolean readOnly;
    private boolean closed;
    private boolean eventsHeld;
    private int eventsToLose;
    private int eventTimes = 1;
    private Duration slowness = Duration.ZERO;

    private final Runnable cutEvents;
    private final Runnable dropConnections;

    /** What becomes of a call that a rule is about. */
    enum Fate {
        /** It is answered by the rule's status and message, and does nothing. */
        REFUSED,
        /** It is done, and answered by text that is not JSON. */
        GARBLED,
        /** It is done, and the connection ends in the middle of the answer. */
        CUT,
        /** It is not done, and never answered. */
        IGNORED
    }

    /** What becomes of one call, and what the client is told. */
    record Verdict(Fate fate, int status, String message) {}

    private static final class Rule {
        private final Pattern call;
        private final Verdict verdict;
        private int times;

        Rule(String call, int times, Verdict verdict) {
            this.call = Pattern.compile(call);
            this.times = times;
            this.verdict = verdict;
        }
    }

    EngineFaults(Runnable cutEvents, Runnable dropConnections) {
        this.cutEvents = cutEvents;
        this.dropConnections = dropConnections;
    }

    /** From now on every call hangs, and event streams are silent, as those of a stopped process; containers run on. */
    public synchronized void freeze() {
        frozen = true;
    }

    /** Ends {@link #freeze}: what hung is answered now. */
    public synchronized void thaw() {
        frozen = false;
        notifyAll();
    }

    /** Each answer takes this long from now on. */
    public synchronized void slow(Duration value) {
        slowness = value;
    }

    /** Everything but what a read-only filter lets through is answered by 403. */
    public synchronized void readOnly(boolean value) {
        readOnly = value;
    }

    /** The next so many calls of this kind are refused with this status and message, and do nothing. */
    public void refuse(String call, int times, int status, String message) {
        add(new Rule(call, times, new Verdict(Fate.REFUSED, status, message)));
    }

    /** The next so many calls of this kind are done, and answered by what is not JSON. */
    public void garble(String call, int times) {
        add(new Rule(call, times, new Verdict(Fate.GARBLED, 200, "")));
    }

    /** The next so many calls of this kind are done; the connection ends in the middle of the answer. */
    public void cut(String call, int times) {
        add(new Rule(call, times, new Verdict(Fate.CUT, 200, "")));
    }

    /** The next so many calls of this kind are not done and never answered. */
    public void ignore(String call, int times) {
        add(new Rule(call, times, new Verdict(Fate.IGNORED, 200, "")));
    }

    /** Ends every event stream that is open, in the middle of its chunks. */
    public void cutEvents() {
        cutEvents.run();
    }

    /**
     * Ends every connection on which no call is under way, and the others when theirs is answered: a client that reuses one
     * finds it broken.
     */
    public void dropConnections() {
        dropConnections.run();
    }

    /** The next so many events are never told, nor remembered. */
    public synchronized void loseEvents(int count) {
        eventsToLose = count;
    }

    /** Each event is told so many times from now on. */
    public synchronized void repeatEvents(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("events cannot be told " + times + " times; lose them instead");
        }
        eventTimes = times;
    }

    /** Event streams are silent until {@link #releaseEvents}; what happens meanwhile is told then. */
    public synchronized void holdEvents() {
        eventsHeld = true;
    }

    /** Ends {@link #holdEvents}. */
    public synchronized void releaseEvents() {
        eventsHeld = false;
        notifyAll();
    }

    /** Nothing is wrong any more. */
    public synchronized void behaveWell() {
        rules.clear();
        frozen = false;
        readOnly = false;
        eventsHeld = false;
        eventsToLose = 0;
        eventTimes = 1;
        slowness = Duration.ZERO;
        notifyAll();
    }

    private synchronized void add(Rule rule) {
        rules.add(rule);
    }

    /** What becomes of this call; empty if nothing is wrong with it. */
    synchronized Optional<Verdict> verdict(Request request) {
        for (Iterator<Rule> all = rules.iterator(); all.hasNext(); ) {
            Rule rule = all.next();
            if (rule.call.matcher(request.call()).matches()) {
                if (--rule.times <= 0) {
                    all.remove();
                }
                return Optional.of(rule.verdict);
            }
        }
        if (readOnly && !ReadOnlyFilter.passes(request)) {
            return Optional.of(
                    new Verdict(Fate.REFUSED, 403, "the filter in front of this engine lets nobody do this"));
        }
        return Optional.empty();
    }

    /** How often the event that happened now is told: 0 if it is lost. */
    synchronized int tellings() {
        if (eventsToLose > 0) {
            eventsToLose--;
            return 0;
        }
        return eventTimes;
    }

    /** Waits as long as the engine is frozen, and as long as it is slow. */
    synchronized void passCall() throws InterruptedException {
        long due = System.nanoTime() + slowness.toNanos();
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

    /** Waits as long as events are not told. */
    synchronized void passEvent() throws InterruptedException {
        while ((frozen || eventsHeld) && !closed) {
            wait();
        }
    }

    /** Waits until the engine is closed. */
    synchronized void neverAnswer() throws InterruptedException {
        while (!closed) {
            wait();
        }
    }

    /** Lets go of everybody who waits. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
