package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.http.BodyStream;
import io.github.lbkit.http.LocalResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The live view of one balancer. It samples the counters once per second, and sends the state to all pages with an open
 * event stream. Without an open page it only samples. Thread-safe.
 */
public final class Dashboard implements AutoCloseable {
    /** The maximum number of open event streams. */
    public static final int MAX_STREAMS = 32;

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int ALL_SAMPLES = 300;

    /** The number of samples in each event, which covers the events that a slow reader has skipped. */
    private static final int NEWEST_SAMPLES = 10;

    private static final byte[] EVENT = "event: state\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Scheduler scheduler;
    private final Secrets secrets;
    private final Timeline timeline;
    private final Traffic traffic;
    private final EventStreams streams = new EventStreams(MAX_STREAMS);

    /** The balancer that is shown. Written by {@link #show} and {@link #close}, read by the scheduler's thread. */
    private volatile @Nullable Shown shown;

    private record Shown(LoadBalancer balancer, Sampler sampler) {}

    /** Creates the view of a balancer that has not been built yet. */
    public Dashboard(Runtimes runtimes, Secrets secrets) {
        this.secrets = secrets;
        scheduler = runtimes.scheduler("dashboard");
        timeline = new Timeline(scheduler::now);
        traffic = new Traffic(timeline);
    }

    /** Returns the listener that the balancer must have. */
    public LoadBalancerListener listener() {
        return traffic;
    }

    /** Starts to show the balancer, which must have the {@link #listener}. */
    public void show(LoadBalancer balancer) {
        Sampler sampler = new Sampler(balancer, traffic, scheduler.nanoTime());
        shown = new Shown(balancer, sampler);
        scheduler.execute(this::tick);
    }

    private void tick() {
        Shown now = shown;
        if (now != null) {
            scheduler.schedule(PERIOD, this::tick);
            now.sampler().sample(scheduler.nanoTime());
            var open = streams.open();
            if (!open.isEmpty()) {
                byte[] event = event(now, NEWEST_SAMPLES, new byte[0]);
                open.forEach(stream -> stream.offer(event)); // a slow stream skips to a later event
            }
        }
    }

    /** Opens an event stream, whose first event has all samples; empty if too many streams are open. */
    public Optional<LocalResponse> open(BodyStream stream) throws InterruptedException {
        Shown now = shown;
        if (now == null || !streams.add(stream)) {
            return Optional.empty();
        }
        byte[] all = onScheduler(() -> event(now, ALL_SAMPLES, FIRST));
        return Optional.of(
                LocalResponse.of(200, "text/event-stream; charset=utf-8", all).with("Cache-Control", "no-store"));
    }

    private byte[] onScheduler(Supplier<byte[]> work) throws InterruptedException {
        try {
            return CompletableFuture.supplyAsync(work, scheduler).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the state of the balancer could not be written", e.getCause());
        }
    }

    private byte[] event(Shown now, int samples, byte[] before) {
        byte[] state = StateJson.write(now.balancer(), now.sampler(), timeline, samples, secrets);
        ByteArrayOutputStream event = new ByteArrayOutputStream(state.length + 64);
        event.writeBytes(before);
        event.writeBytes(EVENT);
        event.writeBytes(state);
        event.writeBytes(END);
        return event.toByteArray();
    }

    /** Ends all streams. Further calls have no effect. */
    @Override
    public void close() {
        shown = null;
        streams.open().forEach(BodyStream::end);
        scheduler.close();
    }
}
