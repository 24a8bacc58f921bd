package io.github.lbkit.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.docker.EngineException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EngineFailuresTest {
    private static final EngineCall CALL = EngineCall.get("/containers/json?all=1");

    private final EngineFailures failures = new EngineFailures(EngineAddress.DEFAULT);

    private EngineException broken(IOException cause) {
        return failures.ofBrokenCall(CALL, new RuntimeException(cause));
    }

    private EngineException refused(int status, String body) {
        return failures.ofStatus(CALL, status, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_unreachable_engine_is_reported_with_a_remedy() {
        assertThat(broken(new SocketException("Permission denied")))
                .isInstanceOf(EngineException.NoPermission.class)
                .hasMessageContaining("group");
        assertThat(broken(new SocketException("No such file or directory")))
                .isInstanceOf(EngineException.NotRunning.class)
                .hasMessageContaining("DOCKER_HOST");
        assertThat(broken(new ConnectException("Connection refused"))).isInstanceOf(EngineException.NotRunning.class);
        assertThat(broken(new SocketException("Broken pipe"))).isInstanceOf(EngineException.Broken.class);
    }

    @Test
    void a_refusal_contains_the_message_of_the_engine() {
        assertThat(refused(404, "{\"message\":\"No such image: a:1\"}"))
                .isInstanceOf(EngineException.NotFound.class)
                .hasMessageContaining("No such image: a:1")
                .hasMessageContaining("pull=missing");
        assertThat(refused(409, "{\"message\":\"in use\"}")).isInstanceOf(EngineException.Conflict.class);
        assertThat(refused(403, "<html>no</html>"))
                .isInstanceOf(EngineException.Refused.class)
                .hasMessageContaining("<html>no</html> (status 403)");
        assertThat(refused(500, "")).isInstanceOf(EngineException.Failed.class).hasMessageContaining("no reason given");
    }

    @Test
    void the_messages_of_podman_map_to_the_failures_of_docker() {
        String taken = "{\"cause\":\"that name is already in use\","
                + "\"message\":\"the container name \\\"a\\\" is already in use\","
                + "\"response\":500}";
        String ended = "{\"cause\":\"container state improper\",\"message\":\"can only kill running containers\","
                + "\"response\":500}";
        String missing =
                "{\"cause\":\"image not known\",\"message\":\"no such image: docker.io/library/a:1: image not known\"}";

        assertThat(refused(500, taken)).isInstanceOf(EngineException.Conflict.class);
        assertThat(refused(500, ended)).isInstanceOf(EngineException.Conflict.class);
        assertThat(refused(404, missing)).hasMessageContaining("pull=missing");
        assertThat(refused(500, "{\"message\":\"that name is already in use\"}"))
                .isInstanceOf(EngineException.Failed.class);
    }

    @Test
    void queries_stay_out_of_messages() {
        assertThat(failures.ofTimeout(CALL))
                .hasMessage("GET /containers/json at unix:///var/run/docker.sock: no answer within 10000 ms");
    }
}
