package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;

/** A timer that requests the body from a client that expects 100, after the server has been silent for a second. */
final class ContinueTimer {
    private static final long DELAY_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final Timer timer;

    private ContinueTimer(EventLoop loop, Timer timer) {
        this.loop = loop;
        this.timer = timer;
    }

    /** Starts a timer that runs the action. */
    static ContinueTimer start(EventLoop loop, ClientStream stream, Runnable action) {
        Timer timer = stream.timer(action);
        loop.timers().set(timer, loop.now() + DELAY_NANOS);
        return new ContinueTimer(loop, timer);
    }

    /** Stops the timer. Later calls do nothing. */
    void stop() {
        loop.timers().remove(timer);
    }
}
