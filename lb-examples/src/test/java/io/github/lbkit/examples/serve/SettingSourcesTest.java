package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettingSourcesTest {
    @TempDir
    Path dir;

    private ServeSettings read(Map<String, String> environment, String... arguments) {
        ServeSettings settings = new ServeSettings();
        CommandLine line = new CommandLine(settings);
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("--config")
                        .type(String.class)
                        .build());
        line.setDefaultValueProvider(SettingSources.of(line, List.of(arguments), environment));
        line.parseArgs(arguments);
        return settings;
    }

    @Test
    void the_command_line_wins_over_the_environment_and_that_over_the_file() throws Exception {
        Path file = Files.writeString(dir.resolve("balancer.yaml"), """
                servers: 4
                max-servers: 40
                policy: random
                host-names: [a.example, b.example]
                policy-option: {probing: quadratic}
                access-log: true
                """);

        ServeSettings settings = read(
                Map.of("LBKIT_POLICY", "round-robin", "LBKIT_SERVERS", "5", "HOME", "/root"),
                "--config=" + file,
                "--servers",
                "6");

        assertThat(settings.serverCount()).isEqualTo(6);
        assertThat(settings.maxServers()).isEqualTo(40);
        assertThat(settings.policy.name()).isEqualTo("round-robin");
        assertThat(settings.hostNames).containsExactly("a.example", "b.example");
        assertThat(settings.policy.options()).containsEntry("probing", "quadratic");
        assertThat(settings.accessLog).isTrue();
        assertThat(settings.keepServers()).isFalse();
    }

    @Test
    void the_environment_may_name_the_file() throws Exception {
        Path file = Files.writeString(dir.resolve("balancer.yaml"), "servers: 2\n");

        assertThat(read(Map.of("LBKIT_CONFIG", file.toString())).serverCount()).isEqualTo(2);
    }

    @Test
    void what_is_no_setting_is_refused_with_the_settings_there_are() throws Exception {
        Path unknown = Files.writeString(dir.resolve("unknown.yaml"), "server: 2\n");
        Path list = Files.writeString(dir.resolve("list.yaml"), "- servers\n");
        Path broken = Files.writeString(dir.resolve("broken.yaml"), "servers: [2\n");

        assertThatThrownBy(() -> read(Map.of(), "--config=" + unknown))
                .hasMessageContaining("'server'")
                .hasMessageContaining("--servers");
        assertThatThrownBy(() -> read(Map.of(), "--config=" + list)).hasMessageContaining("mapping");
        assertThatThrownBy(() -> read(Map.of(), "--config=" + broken)).hasMessageContaining("not YAML");
        assertThatThrownBy(() -> read(Map.of(), "--config=" + dir.resolve("none.yaml")))
                .hasMessageContaining("none.yaml");
        assertThatThrownBy(() -> read(Map.of("LBKIT_POLICI", "hash")))
                .hasMessageContaining("LBKIT_POLICI")
                .hasMessageContaining("--policy");
    }
}
