package io.github.lbkit.docker.internal.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.docker.EngineException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's events on a thread of their own, for as long as anyone wants them: a stream that ends is opened anew,
 * after a pause that grows. An engine that has stopped answering says nothing of it, so that a silent stream proves
 * nothing: the engine is asked once in a while, and a stream beside an unanswered question is ended. Thread-safe.
 */
public final class EngineEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineEvents.class);
    private static final Duration ASK_EVERY = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How long Podman may say nothing on a new stream; the head of its answer comes with the first event. */
    private static final Duration PODMANS_PATIENCE = Duration.ofSeconds(30);

    /** When Podman is believed to follow a stream whose head has not come. */
    private static final Duration PODMANS_BEGIN = Duration.ofMillis(500);

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LAST_PAUSE_MILLIS = 3_000;

    private final Engine engine;
    private final Scheduler thread;
    private final EngineCall call;
    private final EngineListener listener;

    /** Confined to the thread. */
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /** Whether the head of an answer comes with the first event, so that none is no fault. Confined to the thread. */
    private boolean headless;

    /** The end of the stream that was followed last; none if one is followed, or none ever was. */
    private @Nullable Silence silence;

    private @Nullable Subscription watchdog;
    private DockerHttpClient.@Nullable Response stream;
    private boolean closed;

    private record Silence(String reason, long sinceNanos) {}

    EngineEvents(Engine engine, Scheduler thread, Json filters, EngineListener listener) {
        this.engine = engine;
        this.thread = thread;
        this.listener = listener;
        call = EngineCall.get("/events?filters=" + URLEncoder.encode(filters.toString(), StandardCharsets.UTF_8))
                .within(PATIENCE);
    }

    void begin() {
        thread.execute(this::follow);
        watch();
    }

    private void follow() {
        String reason;
        boolean told = false;
        try (DockerHttpClient.Response opened = open()) {
            if (!streaming(opened)) {
                return;
            }
            pauseMillis = FIRST_PAUSE_MILLIS;
            told = true;
            connected();
            Engine.readLines(opened.getBody(), line -> listener.happened(EngineEvent.of(line)));
            reason = "the engine ended the stream";
        } catch (EngineException.NoAnswer e) {
            if (headless && !ended()) {
                thread.execute(this::follow);
                return;
            }
            reason = String.valueOf(e.getMessage());
        } catch (EngineException | IOException e) {
            reason = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("events of the engine at {} could not be followed", engine.address(), e);
            reason = e.toString();
        }
        if (ended()) {
            return;
        }
        if (told) {
            LOG.info("the events of the engine at {} ended: {}", engine.address(), reason);
            silence = new Silence(reason, engine.clock().nanoTime());
            listener.disconnected(reason);
        } else {
            LOG.debug("no events of the engine at {}: {}", engine.address(), reason);
        }
        long jitter = ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
        thread.schedule(Duration.ofMillis(pauseMillis + jitter), this::follow);
        pauseMillis = Math.min(LAST_PAUSE_MILLIS, pauseMillis * 2);
    }

    private DockerHttpClient.Response open() {
        headless = engine.isPodman();
        if (!headless) {
            return engine.open(call);
        }
        Subscription begun = engine.clock().schedule(PODMANS_BEGIN, listener::connected);
        try {
            return engine.open(call.within(PODMANS_PATIENCE));
        } finally {
            begun.close();
        }
    }

    private void connected() {
        listener.connected();
        Silence before = silence;
        silence = null;
        if (before != null) {
            listener.reopened(before.reason(), Duration.ofNanos(engine.clock().nanoTime() - before.sinceNanos()));
        }
    }

    /** Notes the stream; false if nobody wants it any more. */
    private synchronized boolean streaming(DockerHttpClient.Response opened) {
        stream = opened;
        return !closed;
    }

    /** Notes that there is no stream; true if none is wanted any more. */
    private synchronized boolean ended() {
        stream = null;
        return closed;
    }

    private synchronized void watch() {
        if (!closed) {
            watchdog = engine.clock().schedule(ASK_EVERY, this::question);
        }
    }

    private void question() {
        DockerHttpClient.Response asked;
        synchronized (this) {
            asked = stream;
        }
        if (asked == null) {
            watch();
            return;
        }
        var unused = engine.run(() -> engine.bytes(EngineCall.get("/_ping").within(PATIENCE)))
                .whenComplete((pong, e) -> {
                    if (e != null) {
                        LOG.info("the engine at {} is silent: {}", engine.address(), e.getMessage());
                        asked.close();
                    }
                    watch();
                });
    }

    /** Ends the stream and its thread. Again: nothing happens. */
    @Override
    public void close() {
        DockerHttpClient.Response open;
        synchronized (this) {
            closed = true;
            open = stream;
            if (watchdog != null) {
                watchdog.close();
            }
        }
        if (open != null) {
            open.close();
        }
        thread.close();
    }
}
