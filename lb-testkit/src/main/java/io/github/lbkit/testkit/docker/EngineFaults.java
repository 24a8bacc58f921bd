package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.http.CallFault;
import io.github.lbkit.testkit.docker.internal.http.Faults;
import java.time.Duration;

/**
 * The faults that a test injects into a {@link FakeEngine}. Parameters named {@code call} are regular expressions that
 * must match the whole of {@code METHOD /path}, without API version and query: {@code POST /containers/[^/]+/start}.
 * Thread-safe.
 */
public final class EngineFaults {
    private final Faults faults;
    private final Runnable cutEvents;
    private final Runnable dropConnections;

    EngineFaults(Faults faults, Runnable cutEvents, Runnable dropConnections) {
        this.faults = faults;
        this.cutEvents = cutEvents;
        this.dropConnections = dropConnections;
    }

    /** Freezes the engine like a stopped process: calls and event streams hang, and containers run on. */
    public void freeze() {
        faults.frozen(true);
    }

    /** Ends {@link #freeze}: calls that hang are answered. */
    public void thaw() {
        faults.frozen(false);
    }

    /** Delays each response by this time. */
    public void slow(Duration value) {
        faults.delay(value);
    }

    /** Sets whether every call that a read-only socket proxy would not pass is refused with status 403. */
    public void readOnly(boolean value) {
        faults.readOnly(value);
    }

    /** Refuses the next calls that match with this status and message; they are not carried out. */
    public void refuse(String call, int times, int status, String message) {
        faults.add(call, times, CallFault.refused(status, message));
    }

    /** Carries out the next calls that match and answers them with text that is not JSON. */
    public void garble(String call, int times) {
        faults.add(call, times, CallFault.of(CallFault.Effect.GARBLED));
    }

    /** Carries out the next calls that match and ends the connection in the middle of the response. */
    public void cut(String call, int times) {
        faults.add(call, times, CallFault.of(CallFault.Effect.TRUNCATED));
    }

    /** Neither carries out nor answers the next calls that match. */
    public void ignore(String call, int times) {
        faults.add(call, times, CallFault.of(CallFault.Effect.UNANSWERED));
    }

    /** Ends every open event stream without its last chunk. */
    public void cutEvents() {
        cutEvents.run();
    }

    /**
     * Closes idle connections at once, and the others when their call in progress has been answered. A client that
     * reuses a connection finds it broken.
     */
    public void dropConnections() {
        dropConnections.run();
    }

    /** Loses this many of the next events: they are neither delivered nor kept for later streams. */
    public void loseEvents(int count) {
        faults.loseEvents(count);
    }

    /** Delivers each event this many times, 1 or more. */
    public void repeatEvents(int times) {
        faults.repeatEvents(times);
    }

    /** Holds events back until {@link #releaseEvents}. */
    public void holdEvents() {
        faults.eventsHeld(true);
    }

    /** Delivers the events that {@link #holdEvents} held back, and later ones as they happen. */
    public void releaseEvents() {
        faults.eventsHeld(false);
    }

    /** Removes all faults. */
    public void clear() {
        faults.clear();
    }
}
