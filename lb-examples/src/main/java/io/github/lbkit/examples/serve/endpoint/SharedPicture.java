package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.api.Scheduler;
import io.github.lbkit.examples.chart.Drawing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A picture that is drawn on demand, at most once a second and on the scheduler's thread alone. Requests that come
 * meanwhile share the newest picture. Thread-safe.
 */
final class SharedPicture {
    private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

    private final Scheduler scheduler;
    private final Supplier<Drawing> draw;

    /** Guarded by this. */
    private @Nullable Made newest;

    SharedPicture(Scheduler scheduler, Supplier<Drawing> draw) {
        this.scheduler = scheduler;
        this.draw = draw;
    }

    /** One drawing; each format is rendered when it is first asked for. Guarded by the picture's monitor. */
    private static final class Made {
        private final CompletableFuture<Drawing> drawing;

        /** When the drawing was finished; written by the scheduler's thread. */
        private final CompletableFuture<Long> finished;

        private @Nullable CompletableFuture<byte[]> png;
        private @Nullable CompletableFuture<byte[]> svg;

        Made(CompletableFuture<Drawing> drawing, CompletableFuture<Long> finished) {
            this.drawing = drawing;
            this.finished = finished;
        }

        boolean isOld(long now) {
            return finished.isDone() && now - finished.join() >= PERIOD_NANOS;
        }
    }

    /** Waits for the newest picture as PNG. */
    byte[] png() throws InterruptedException {
        CompletableFuture<byte[]> picture;
        synchronized (this) {
            Made made = newest();
            if (made.png == null) {
                made.png = rendered(made, drawing -> drawing.png(1));
            }
            picture = made.png;
        }
        return await(picture);
    }

    /** Waits for the newest picture as SVG. */
    byte[] svg() throws InterruptedException {
        CompletableFuture<byte[]> picture;
        synchronized (this) {
            Made made = newest();
            if (made.svg == null) {
                made.svg = rendered(made, drawing -> drawing.svg().getBytes(StandardCharsets.UTF_8));
            }
            picture = made.svg;
        }
        return await(picture);
    }

    private synchronized Made newest() {
        Made made = newest;
        if (made == null || made.isOld(scheduler.nanoTime())) {
            CompletableFuture<Drawing> drawing = CompletableFuture.supplyAsync(draw, scheduler);
            made = new Made(drawing, drawing.handle((done, failure) -> scheduler.nanoTime()));
            newest = made;
        }
        return made;
    }

    private CompletableFuture<byte[]> rendered(Made made, Function<Drawing, byte[]> how) {
        return made.drawing.thenApplyAsync(how, scheduler);
    }

    private static byte[] await(CompletableFuture<byte[]> picture) throws InterruptedException {
        try {
            return picture.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the graph could not be drawn", e.getCause());
        }
    }
}
