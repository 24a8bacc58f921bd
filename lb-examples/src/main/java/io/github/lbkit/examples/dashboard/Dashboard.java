package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
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
 * The live view of one balancer: it listens, looks at its counters once a second, and tells every page that has an event
 * stream open. While no page has, a second costs the look and nothing else. Thread-safe.
 */
public final class Dashboard implements AutoCloseable {
    /** How many pages may listen at once. */
    public static final int MAX_STREAMS = 32;

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int ALL_SAMPLES = 300;

    /** As many as make up for the pieces that a slow reader has skipped. */
    private static final int NEWEST_SAMPLES = 10;

    private static final byte[] EVENT = "event: state\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Scheduler scheduler;
    private final Secrets secrets;
    private final Timeline timeline;
    private final Traffic traffic;
    private final EventStreams streams = new EventStreams(MAX_STREAMS);

    /** Written once by {@link #show}, read by the scheduler's thread. */
    private volatile @Nullable Shown shown;

    private record Shown(LoadBalancer balancer, Sampler sampler) {}

    /** A view of a balancer that is still to be built. */
    public Dashboard(Runtimes runtimes, Secrets secrets) {
        this.secrets = secrets;
        scheduler = runtimes.scheduler("dashboard");
        timeline = new Timeline(scheduler::now);
        traffic = new Traffic(timeline);
    }

    /** What the balancer tells what it does. */
    public LoadBalancerListener listener() {
        return traffic;
    }

    /** Begins to show the balancer; it must have the {@link #listener}. */
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
                open.forEach(stream -> stream.offer(event)); // one that is behind gets the next
            }
        }
    }

    /** Opens an event stream, which begins with everything; empty if too many are open. */
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
            throw new IllegalStateException("the state could not be written", e.getCause());
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

    /** Ends every stream. Again: nothing happens. */
    @Override
    public void close() {
        shown = null;
        streams.open().forEach(BodyStream::end);
        scheduler.close();
    }
}
