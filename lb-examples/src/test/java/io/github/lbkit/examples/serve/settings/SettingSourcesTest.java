package io.github.lbkit.examples.serve.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.serve.ServeCommand;
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

        assertThat(settings.pool().serverCount()).isEqualTo(6);
        assertThat(settings.pool().maxServers()).isEqualTo(40);
        assertThat(settings.policyOptions().name()).isEqualTo("round-robin");
        assertThat(settings.access().hostNames()).containsExactly("a.example", "b.example");
        assertThat(settings.policyOptions().options()).containsEntry("probing", "quadratic");
        assertThat(settings.accessLog()).isTrue();
        assertThat(settings.pool().keepsServers()).isFalse();
    }

    @Test
    void the_environment_may_name_the_file() throws Exception {
        Path file = Files.writeString(dir.resolve("balancer.yaml"), "servers: 2\n");

        assertThat(read(Map.of("LBKIT_CONFIG", file.toString())).pool().serverCount())
                .isEqualTo(2);
    }

    @Test
    void an_unknown_setting_is_refused_with_the_known_settings() throws Exception {
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
    }

    /** What Kubernetes sets in each pod of a namespace with the services lbkit and lbkit-admin. */
    private static final Map<String, String> INJECTED = Map.of(
            "LBKIT_SERVICE_HOST", "10.0.0.1",
            "LBKIT_SERVICE_PORT", "7432",
            "LBKIT_SERVICE_PORT_HTTP", "7432",
            "LBKIT_PORT", "tcp://10.0.0.1:7432",
            "LBKIT_PORT_7432_TCP", "tcp://10.0.0.1:7432",
            "LBKIT_PORT_7432_TCP_PROTO", "tcp",
            "LBKIT_PORT_7432_TCP_ADDR", "10.0.0.1",
            "LBKIT_ADMIN_PORT", "tcp://10.0.0.2:7433",
            "LBKIT_ADMIN_SERVICE_HOST", "10.0.0.2");

    private static SettingSources of(Map<String, String> environment) {
        return SettingSources.of(new CommandLine(new ServeCommand()), List.of(), environment);
    }

    @Test
    void unknown_variables_are_reported_in_one_line_and_have_no_effect() {
        SettingSources sources = of(INJECTED);

        assertThat(sources.values()).isEmpty();
        assertThat(sources.warning().orElseThrow()).doesNotContain("\n").contains(INJECTED.keySet());
        assertThat(of(Map.of("LBKIT_POLICY", "hash", "PATH", "/bin")).warning()).isEmpty();
        assertThat(of(Map.of("LBKIT_POLICI", "hash")).warning().orElseThrow()).contains("LBKIT_POLICI");
    }

    @Test
    void no_variable_that_kubernetes_sets_for_a_service_is_a_setting() {
        for (String service : List.of("LBKIT", "LBKIT_ADMIN", "LBKIT_POOL", "LBKIT_LISTEN", "LBKIT_TRAFFIC")) {
            for (String name : INJECTED.keySet()) {
                String variable = name.replaceFirst("LBKIT(_ADMIN)?", service);
                assertThat(of(Map.of(variable, "x")).values()).as(variable).isEmpty();
            }
        }
    }

    @Test
    void a_variable_of_an_orchestrator_in_place_of_a_setting_is_explained() {
        assertThatThrownBy(() -> of(Map.of("LBKIT_LISTEN", "tcp://10.0.0.1:7432")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LBKIT_LISTEN")
                .hasMessageContaining("Kubernetes")
                .hasMessageContaining("enableServiceLinks");
    }

    @Test
    void a_balancer_with_such_variables_starts_and_says_so_once() throws Exception {
        Path out = dir.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--listen",
                        "nowhere")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(INJECTED);
        int status = builder.start().waitFor();

        assertThat(status).isEqualTo(2);
        List<String> lines = Files.readAllLines(out);
        assertThat(lines.stream().filter(line -> line.contains("WARN"))).hasSize(1);
        assertThat(lines.get(lines.size() - 2)).contains("--listen 'nowhere'");
    }
}
