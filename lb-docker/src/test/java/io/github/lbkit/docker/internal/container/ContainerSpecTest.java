package io.github.lbkit.docker.internal.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.internal.engine.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerSpecTest {
    private static final LaunchRequest REQUEST = new LaunchRequest("S 1", 7, "s-1-abc-7", false, Map.of("a", "1"));

    private static DockerOptions.Builder options() {
        return DockerOptions.image("shop:1", 80);
    }

    @Test
    void every_setting_of_a_container_changes_the_hash() {
        String hash = options().build().hash();

        assertThat(options().build().hash()).isEqualTo(hash);
        assertThat(options().pull(DockerOptions.Pull.MISSING).build().hash()).isEqualTo(hash);
        assertThat(options().build().withImage("shop:2").hash()).isNotEqualTo(hash);
        assertThat(options().environment("A", "1").build().hash()).isNotEqualTo(hash);
        assertThat(options().command(List.of("run")).build().hash()).isNotEqualTo(hash);
        assertThat(options().memory(64 << 20).build().hash()).isNotEqualTo(hash);
        assertThat(options().readOnlyRoot(true).build().hash()).isNotEqualTo(hash);
        assertThat(options().network("inside").build().hash()).isNotEqualTo(hash);
        assertThat(options().label("a", "b").build().hash()).isNotEqualTo(hash);
    }

    @Test
    void placeholders_are_filled_in() {
        ContainerSpec spec = new ContainerSpec(
                options()
                        .command(List.of("run", "--id={id}"))
                        .environment("WHO", "{name} {generation}")
                        .build(),
                "pool");

        Json body = spec.createBody(REQUEST, "me");

        assertThat(body.at("Cmd").toString()).isEqualTo("[\"run\",\"--id=S 1\"]");
        assertThat(body.at("Env").toString()).isEqualTo("[\"WHO=s-1-abc-7 7\"]");
        assertThat(body.at("Labels").texts()).containsEntry(Labels.ID, "S 1").containsEntry(Labels.SERVER + "a", "1");
        assertThat(spec.containerName(REQUEST)).isEqualTo("s-1-abc-7.pool");
    }
}
