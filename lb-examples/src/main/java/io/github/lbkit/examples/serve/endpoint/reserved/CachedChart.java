package io.github.lbkit.examples.serve.endpoint.reserved;

import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.examples.chart.Drawing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A chart that is drawn on demand, at most once per second, on the scheduler's thread. Requests within a second share
 * one drawing. Thread-safe.
 */
final class CachedChart {
    private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

    private final Scheduler scheduler;
    private final Supplier<Drawing> draw;

    /** The newest drawing; guarded by this object's monitor. */
    private @Nullable Rendering newest;

    CachedChart(Scheduler scheduler, Supplier<Drawing> draw) {
        this.scheduler = scheduler;
        this.draw = draw;
    }

    /** One drawing and its formats, each rendered on the first request. Guarded by the chart's monitor. */
    private static final class Rendering {
        private final CompletableFuture<Drawing> drawing;

        /** The time at which the drawing was finished, in nanoseconds; completed by the scheduler's thread. */
        private final CompletableFuture<Long> finished;

        private @Nullable CompletableFuture<byte[]> png;
        private @Nullable CompletableFuture<byte[]> svg;

        Rendering(CompletableFuture<Drawing> drawing, CompletableFuture<Long> finished) {
            this.drawing = drawing;
            this.finished = finished;
        }

        boolean isOld(long now) {
            return finished.isDone() && now - finished.join() >= PERIOD_NANOS;
        }
    }

    /** Returns the chart as PNG; waits until it is rendered. */
    byte[] png() throws InterruptedException {
        CompletableFuture<byte[]> image;
        synchronized (this) {
            Rendering rendering = newest();
            if (rendering.png == null) {
                rendering.png = rendered(rendering, drawing -> drawing.png(1));
            }
            image = rendering.png;
        }
        return await(image);
    }

    /** Returns the chart as SVG; waits until it is rendered. */
    byte[] svg() throws InterruptedException {
        CompletableFuture<byte[]> image;
        synchronized (this) {
            Rendering rendering = newest();
            if (rendering.svg == null) {
                rendering.svg = rendered(rendering, drawing -> drawing.svg().getBytes(StandardCharsets.UTF_8));
            }
            image = rendering.svg;
        }
        return await(image);
    }

    private synchronized Rendering newest() {
        Rendering rendering = newest;
        if (rendering == null || rendering.isOld(scheduler.nanoTime())) {
            CompletableFuture<Drawing> drawing = CompletableFuture.supplyAsync(draw, scheduler);
            rendering = new Rendering(drawing, drawing.handle((done, failure) -> scheduler.nanoTime()));
            newest = rendering;
        }
        return rendering;
    }

    private CompletableFuture<byte[]> rendered(Rendering rendering, Function<Drawing, byte[]> how) {
        return rendering.drawing.thenApplyAsync(how, scheduler);
    }

    private static byte[] await(CompletableFuture<byte[]> image) throws InterruptedException {
        try {
            return image.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the graph could not be drawn", e.getCause());
        }
    }
}
