package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.NoServer;
import io.github.lbkit.examples.json.JsonTree;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What docs/operations.md and the unit of systemd say is what the balancer has. */
class OperationsGuideTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path dir;

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/operations.md"));
    }

    private static String unit() throws IOException {
        return Files.readString(ROOT.resolve("packaging/systemd/lbkit.service"));
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void each_reason_for_no_server_stands_there() throws Exception {
        assertThat(found("^\\| `([A-Z_]+)` \\|", page()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(NoServer.Reason.values()).map(Enum::name).toList());
    }

    @Test
    void each_option_of_the_page_is_one_of_serve() throws Exception {
        Set<String> options = new CommandLine(new ServeCommand())
                .getCommandSpec().options().stream()
                        .map(OptionSpec::longestName)
                        .collect(Collectors.toSet());
        Set<String> named = found("(--[a-z][a-z0-9-]+)", page());
        named.removeAll(Set.of("--init", "--time")); // of docker

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(options).containsAll(named);
    }

    @Test
    void each_word_of_ready_stands_there() throws Exception {
        Map<?, ?> counts;
        try (RunningBalancer running =
                new RunningBalancer(dir, "--pool", "static:http://127.0.0.1:1", "--health-path", "off")) {
            Map<?, ?> ready = (Map<?, ?>)
                    JsonTree.read(RawHttp.get(running.admin, "/ready").body());
            counts = Objects.requireNonNull((Map<?, ?>) ready.get("counts"));
        }
        Set<String> words = counts.keySet().stream().map(String::valueOf).collect(Collectors.toSet());

        assertThat(found("^\\| `([a-z]+)` \\| [^|]+ \\|$", page())).containsExactlyInAnyOrderElementsOf(words);
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }

    @Test
    void the_arguments_for_kubernetes_are_taken() throws Exception {
        MatchResult block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .findFirst()
                .orElseThrow();
        Map<?, ?> yaml = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(block.group(1));
        Map<?, ?> container = (Map<?, ?>) list(yaml.get("containers")).get(0);
        List<String> arguments = new ArrayList<>();
        list(container.get("args")).forEach(argument -> arguments.add(String.valueOf(argument)));

        assertThat(arguments.get(0)).isEqualTo("serve");
        ServeSettings.of(arguments.subList(1, arguments.size())).check();
    }

    @Test
    void the_unit_starts_the_jar_with_options_of_serve() throws Exception {
        String start = found("^ExecStart=(.*)$", unit()).iterator().next();
        String arguments = start.substring(start.indexOf(" serve ") + " serve ".length());

        new CommandLine(new ServeCommand()).parseArgs(arguments.split(" ", -1));
        assertThat(unit()).contains("Type=notify", "NotifyAccess=all", "RestartPreventExitStatus=2", "WatchdogSec=");
    }
}
