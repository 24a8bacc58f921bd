package io.github.lbkit.docker.internal.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.docker.EngineException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of an engine's events, read on a thread of its own. A stream that ends is opened again after a growing
 * pause. A stalled engine sends nothing, so that a silent stream does not prove that the engine works: the engine is
 * pinged every 3 seconds, and a failed ping ends the stream. Thread-safe.
 */
public final class EngineEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineEvents.class);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** The timeout of opening a stream of Podman, which sends the response head only with the first event. */
    private static final Duration PODMAN_TIMEOUT = Duration.ofSeconds(30);

    /** The time after which Podman is assumed to follow a stream whose response head has not arrived. */
    private static final Duration PODMAN_OPENING = Duration.ofMillis(500);

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;

    private final Engine engine;
    private final Scheduler thread;
    private final EngineCall call;
    private final EngineListener listener;

    /** Confined to the thread. */
    private final DoublingPauses backoff = new DoublingPauses(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);

    /**
     * True if the response head arrives with the first event, so that a timeout is no error. Confined to the thread.
     */
    private boolean headWithFirstEvent;

    /** The end of the previous stream; null while a stream is open and before the first one. */
    private @Nullable Silence silence;

    private @Nullable Subscription pingTimer;
    private DockerHttpClient.@Nullable Response stream;
    private boolean closed;

    private record Silence(String reason, long sinceNanos) {}

    EngineEvents(Engine engine, Scheduler thread, Json filters, EngineListener listener) {
        this.engine = engine;
        this.thread = thread;
        this.listener = listener;
        call = EngineCall.list("/events", filters).withTimeout(TIMEOUT);
    }

    void start() {
        thread.execute(this::readStream);
        schedulePing();
    }

    private void readStream() {
        String reason;
        boolean wasConnected = false;
        try (DockerHttpClient.Response opened = open()) {
            if (!setStream(opened)) {
                return;
            }
            backoff.reset();
            wasConnected = true;
            connected();
            Engine.readLines(opened.getBody(), line -> listener.happened(EngineEvent.of(line)));
            reason = "the engine ended the stream";
        } catch (EngineException.NoAnswer e) {
            if (headWithFirstEvent && !clearStream()) {
                thread.execute(this::readStream);
                return;
            }
            reason = String.valueOf(e.getMessage());
        } catch (EngineException | IOException e) {
            reason = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("events of the engine at {} could not be followed", engine.address(), e);
            reason = e.toString();
        }
        if (clearStream()) {
            return;
        }
        if (wasConnected) {
            LOG.info("the events of the engine at {} ended: {}", engine.address(), reason);
            silence = new Silence(reason, engine.clock().nanoTime());
            listener.disconnected(reason);
        } else {
            LOG.debug("no events of the engine at {}: {}", engine.address(), reason);
        }
        long pauseMillis = backoff.next();
        long jitter = ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
        thread.schedule(Duration.ofMillis(pauseMillis + jitter), this::readStream);
    }

    private DockerHttpClient.Response open() {
        headWithFirstEvent = engine.isPodman();
        if (!headWithFirstEvent) {
            return engine.open(call);
        }
        Subscription opening = engine.clock().schedule(PODMAN_OPENING, listener::connected);
        try {
            return engine.open(call.withTimeout(PODMAN_TIMEOUT));
        } finally {
            opening.close();
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

    /** Stores the open stream; returns false if this object is closed. */
    private synchronized boolean setStream(DockerHttpClient.Response opened) {
        stream = opened;
        return !closed;
    }

    /** Removes the stream; returns true if this object is closed. */
    private synchronized boolean clearStream() {
        stream = null;
        return closed;
    }

    private synchronized void schedulePing() {
        if (!closed) {
            pingTimer = engine.clock().schedule(PING_INTERVAL, this::ping);
        }
    }

    private void ping() {
        DockerHttpClient.Response open;
        synchronized (this) {
            open = stream;
        }
        if (open == null) {
            schedulePing();
            return;
        }
        var unused = engine.run(() -> engine.bytes(EngineCall.get("/_ping").withTimeout(TIMEOUT)))
                .whenComplete((pong, e) -> {
                    if (e != null) {
                        LOG.info("the engine at {} is silent: {}", engine.address(), e.getMessage());
                        open.close();
                    }
                    schedulePing();
                });
    }

    /** Ends the stream and its thread. Idempotent. */
    @Override
    public void close() {
        DockerHttpClient.Response open;
        synchronized (this) {
            closed = true;
            open = stream;
            if (pingTimer != null) {
                pingTimer.close();
            }
        }
        if (open != null) {
            open.close();
        }
        thread.close();
    }
}
