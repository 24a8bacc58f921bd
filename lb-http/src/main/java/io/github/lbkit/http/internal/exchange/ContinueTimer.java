package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;
import org.jspecify.annotations.Nullable;

/** Tells a client that waits for it to send its body, when the server has been silent for a second. */
final class ContinueTimer {
    private static final long SILENCE_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private @Nullable Timer timer;

    ContinueTimer(EventLoop loop) {
        this.loop = loop;
    }

    void start(ClientConnection client, Runnable tell) {
        Timer started = client.newTimer(tell);
        timer = started;
        loop.timers().set(started, loop.now() + SILENCE_NANOS);
    }

    void stop() {
        if (timer != null) {
            loop.timers().remove(timer);
            timer = null;
        }
    }
}
