package io.github.lbkit.docker.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.EngineEvents;
import io.github.lbkit.docker.internal.engine.EngineListener;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@NeedsEngine
@EnabledOnOs(OS.LINUX)
class LeaksTest {
    private static final int CYCLES = 200;

    private final Await await = Await.inRealTime();

    @Test
    void no_thread_and_no_connection_is_left_after_two_hundred_engines() {
        cycle();
        long sockets = sockets();

        for (int i = 0; i < CYCLES; i++) {
            cycle();
        }

        await.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("leak-")));
        await.until("no connection is left", () -> sockets() <= sockets);
    }

    @Test
    void no_connection_is_left_by_two_hundred_event_streams_and_failed_calls_of_one_engine() {
        try (Engine engine = Engine.open(RealEngine.engine().address(), Runtimes.system(), "leak")) {
            follow(engine);
            long sockets = sockets();

            for (int i = 0; i < CYCLES; i++) {
                follow(engine);
                assertThat(new Images(engine).id("lb-test/none:" + i)).isEmpty();
            }

            await.until("no connection is left", () -> sockets() <= sockets + 1);
        }
    }

    private void cycle() {
        try (Engine engine = Engine.open(RealEngine.engine().address(), Runtimes.system(), "leak")) {
            follow(engine);
        }
    }

    private void follow(Engine engine) {
        AtomicInteger connected = new AtomicInteger();
        try (EngineEvents events = engine.events(Json.of(Map.of()), new EngineListener() {
            @Override
            public void connected() {
                connected.incrementAndGet();
            }

            @Override
            public void happened(EngineEvent event) {}

            @Override
            public void disconnected(String reason) {}
        })) {
            assertThat(events).isNotNull();
            assertThat(await.value(engine.run(() -> engine.ask(EngineCall.get("/version"))))
                            .isPresent())
                    .isTrue();
            await.until("events come", () -> connected.get() == 1);
        }
    }

    private static long sockets() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(LeaksTest::isSocket).count();
        } catch (IOException e) {
            throw new IllegalStateException("open files cannot be listed", e);
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException gone) {
            return false;
        }
    }
}
