package io.github.lbkit.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineFinderTest {
    /** SHA-256 of {@code far}, by which Docker files the context of this name. */
    private static final String FAR = "512eea46ceb3921dff4363c7069d89d4964d1d9fccaa0f411851a7aa60a5c868";

    @TempDir
    private Path home;

    private EngineAddress find(Map<String, String> environment) {
        return EngineFinder.of(environment, home).find();
    }

    @Test
    void the_usual_socket_is_the_default() {
        assertThat(find(Map.of())).isEqualTo(EngineAddress.DEFAULT);
    }

    @Test
    void the_environment_names_it() {
        assertThat(find(Map.of("DOCKER_HOST", "unix:///run/other.sock")).uri()).hasToString("unix:///run/other.sock");
        assertThat(find(Map.of("DOCKER_HOST", "tcp://far")).uri()).hasToString("tcp://far:2375");
    }

    @Test
    void tls_is_spoken_when_the_environment_says_so() {
        EngineAddress address = find(Map.of(
                "DOCKER_HOST", "tcp://far:2376", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/etc/certificates"));

        assertThat(address.certificates()).contains(Path.of("/etc/certificates"));
        assertThat(address.verified()).isTrue();
    }

    @Test
    void the_configured_context_names_it() throws IOException {
        Path docker = Files.createDirectories(home.resolve(".docker"));
        Files.writeString(docker.resolve("config.json"), "{\"currentContext\":\"far\"}");

        assertThatThrownBy(() -> find(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("context 'far' is unknown");
        assertThat(find(Map.of("DOCKER_CONTEXT", "default"))).isEqualTo(EngineAddress.DEFAULT);
        Path meta = Files.createDirectories(docker.resolve("contexts/meta").resolve(FAR));
        Files.writeString(meta.resolve("meta.json"), "{\"Endpoints\":{\"docker\":{\"Host\":\"tcp://far:2376\"}}}");
        Path tls = Files.createDirectories(
                docker.resolve("contexts/tls").resolve(FAR).resolve("docker"));
        assertThat(find(Map.of()).uri()).hasToString("tcp://far:2376");
        assertThat(find(Map.of()).certificates()).contains(tls);
    }

    @Test
    void an_unsupported_address_is_refused_with_an_alternative() {
        assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "ssh://far")))
                .hasMessageContaining("ssh://far")
                .hasMessageContaining("forward the socket");
        assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "npipe:////./pipe/docker")))
                .hasMessageContaining("allowed");
        assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "nonsense"))).hasMessageContaining("nonsense");
    }
}
