package io.github.lbkit.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@NeedsEngine
class EngineTest {
    @Test
    void the_version_is_negotiated() {
        assertThat(RealEngine.engine().apiVersion()).matches("1\\.\\d+");
    }

    @Test
    void a_missing_object_is_not_found() {
        assertThatThrownBy(() -> RealEngine.engine().ask(EngineCall.get("/containers/no-such-thing/json")))
                .isInstanceOf(EngineException.NotFound.class)
                .hasMessageContaining("No such container: no-such-thing");
    }

    @Test
    void events_begin_with_a_connection_and_end_with_close() {
        AtomicInteger connected = new AtomicInteger();
        AtomicInteger disconnected = new AtomicInteger();
        EngineEvents events = RealEngine.engine()
                .events(Json.of(Map.of("type", List.of("container"))), new EngineListener() {
                    @Override
                    public void connected() {
                        connected.incrementAndGet();
                    }

                    @Override
                    public void happened(EngineEvent event) {}

                    @Override
                    public void disconnected(String reason) {
                        disconnected.incrementAndGet();
                    }
                });

        Await.inRealTime().until("connected", () -> connected.get() == 1);
        events.close();

        assertThat(disconnected).hasValue(0);
    }
}
