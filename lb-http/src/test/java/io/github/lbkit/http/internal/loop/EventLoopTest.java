package io.github.lbkit.http.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    @Test
    void tasks_run_in_order_on_the_loop() throws Exception {
        EventLoop loop = started();
        List<Integer> ran = new ArrayList<>();
        CompletableFuture<Boolean> last = new CompletableFuture<>();

        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.execute(() -> last.complete(loop.isCurrent()));

        assertThat(last.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasSize(1000).isSorted();
        end(loop);
    }

    @Test
    void a_task_from_outside_wakes_a_loop_that_gave_itself_tasks() throws Exception {
        EventLoop loop = started();
        for (int i = 0; i < 200; i++) {
            CountDownLatch inner = new CountDownLatch(2);
            loop.execute(() -> loop.execute(inner::countDown));
            loop.execute(() -> loop.execute(() -> loop.defer(() -> loop.execute(inner::countDown))));

            assertThat(inner.await(20, TimeUnit.SECONDS)).isTrue();
        }
        end(loop);
    }

    @Test
    void a_task_that_throws_ends_nothing() throws Exception {
        EventLoop loop = started();
        CountDownLatch after = new CountDownLatch(1);

        loop.execute(() -> {
            throw new IllegalStateException("as a test wants it");
        });
        loop.execute(after::countDown);

        assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
        end(loop);
    }

    @Test
    void a_task_or_a_timer_that_throws_an_error_ends_nothing() throws Exception {
        EventLoop loop = started();
        CountDownLatch after = new CountDownLatch(3);

        loop.execute(() -> {
            throw new NoClassDefFoundError("as a test wants it");
        });
        loop.execute(() -> {
            loop.defer(() -> {
                throw new StackOverflowError("as a test wants it");
            });
            loop.defer(after::countDown);
            loop.timers()
                    .set(
                            new Timer(() -> {
                                throw new OutOfMemoryError("as a test wants it");
                            }),
                            loop.now() + 20_000_000);
            loop.timers().set(new Timer(after::countDown), loop.now() + 30_000_000);
        });
        loop.execute(after::countDown);

        assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.failure()).isEmpty();
        end(loop);
    }

    @Test
    void a_loop_whose_selector_fails_says_so() throws Exception {
        EventLoop loop = started();
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);

        loop.execute(() -> closeSelector(loop, pipe));

        assertThat(loop.awaitEnd(TimeUnit.SECONDS.toNanos(20))).isTrue();
        assertThat(loop.failure()).isPresent();
        pipe.sink().close();
    }

    private static void closeSelector(EventLoop loop, Pipe pipe) {
        try {
            loop.register(pipe.source(), SelectionKey.OP_READ, new Connection(loop) {
                        @Override
                        protected void received(Input input, boolean ended) {}

                        @Override
                        protected void drained() {}

                        @Override
                        protected void outputProgressed() {}

                        @Override
                        protected void failed(Throwable cause) {}

                        @Override
                        protected void ended() {}
                    })
                    .selector()
                    .close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_timer_wakes_the_loop() throws Exception {
        EventLoop loop = started();
        CountDownLatch rang = new CountDownLatch(1);

        loop.execute(() -> loop.timers().set(new Timer(rang::countDown), loop.now() + 30_000_000));

        assertThat(rang.await(20, TimeUnit.SECONDS)).isTrue();
        end(loop);
    }

    @Test
    void a_loop_that_never_started_can_be_stopped() throws IOException {
        EventLoop loop = new EventLoop("never-started", System::nanoTime);

        loop.stop();

        assertThat(loop.awaitEnd(TimeUnit.SECONDS.toNanos(20))).isTrue();
    }

    private static EventLoop started() throws IOException {
        EventLoop loop = new EventLoop("loop-under-test", System::nanoTime);
        loop.start();
        return loop;
    }

    private static void end(EventLoop loop) {
        loop.stop();
        assertThat(loop.awaitEnd(TimeUnit.SECONDS.toNanos(20))).isTrue();
    }
}
