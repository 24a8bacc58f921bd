package io.github.lbkit.examples.serve.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.serve.Balancer;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** No option beside the URI of a pool is ignored. */
class PoolOptionsTest {
    @TempDir
    Path state;

    private ServeSettings settings(String words) {
        return RunningBalancer.settings(state, words.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pool process:./x_{port} --servers 5                         | process:./x_{port}?servers=5
            --pool docker:a?port=1 --servers 5 --on-exit keep             | docker:a?port=1&servers=5&on-exit=keep
            --pool docker:a?port=1 --max-servers 9 --drain-timeout 7000 | docker:a?port=1&drain-seconds=7&max-servers=9
            --pool docker:a?port=1&servers=5 --servers 5                  | docker:a?port=1&servers=5
            --pool static:http://h:1 --max-servers 9                      | static:http://h:1
            --pool docker:a?port=1                                        | docker:a?port=1
            """)
    void options_of_serve_are_passed_on_to_a_pool_that_has_them(String words, String uri) {
        ServeSettings settings = settings(words);

        settings.check();
        assertThat(settings.poolUri()).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pool static:http://h:1 --servers 5              | --servers '5'       | static:
            --pool static:http://h:1 --on-exit keep           | --on-exit 'keep'    | static:
            --pool static:http://h:1 --drain-timeout 1000     | --drain-timeout '1' | static:
            --pool docker-discover:?pool=a --servers 5        | --servers '5'       | docker-discover:
            --pool docker:a?port=1&servers=3 --servers 5      | --servers '5'       | servers=3
            --pool docker:a?port=1&on-exit=stop --on-exit keep | --on-exit 'keep'   | on-exit=stop
            --pool docker:a?port=1&max-servers=3 --max-servers 5 | --max-servers '5' | max-servers=3
            --pool process:./x_{port} --drain-timeout 1500    | --drain-timeout '1500' | multiple of 1000
            --pool process:./x_{port} --servers 129           | --servers '129'     | 0 to --max-servers
            """)
    void an_option_that_a_pool_cannot_honour_is_refused_by_name(String words, String option, String why) {
        assertThatThrownBy(() -> settings(words).check())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(option)
                .hasMessageContaining(why);
    }

    @Test
    void the_pools_own_limit_is_the_policys_too() {
        assertThat(settings("--pool docker:a?port=1&max-servers=500").pool().maxServers())
                .isEqualTo(500);
        assertThat(settings("--pool docker:a?port=1").pool().maxServers()).isEqualTo(128);
    }

    @Test
    void a_pool_of_processes_begins_with_the_number_of_servers_of_serve() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "process:" + java + " -Xmx64m -cp '" + System.getProperty("java.class.path") + "' "
                + Main.class.getName() + " server --host 127.0.0.1 --port {port} --id {id}";
        try (RunningBalancer running = new RunningBalancer(state, "--pool", command, "--servers", "2")) {
            assertThat(((ManagedServerPool) running.balancer.loadBalancer().pool()).desired())
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "process:/nowhere/server {port}?servers=2",
                "process:sh -c 'exit 3' {port}?servers=2",
                "process:/nowhere/server {port}"
            })
    void a_start_without_one_server_is_an_error_with_the_reason_and_a_way_out(String pool) {
        StringWriter said = new StringWriter();
        CommandLine line = new CommandLine(new Main());
        line.setErr(new PrintWriter(said)).setOut(new PrintWriter(said));
        List<String> arguments = new ArrayList<>(List.of(
                "serve", "--listen", "127.0.0.1:0", "--admin", "off", "--state-dir", state.toString(), "--pool", pool));

        int status = Main.run(arguments, line);

        assertThat(status).isEqualTo(1);
        assertThat(said.toString())
                .contains("could be started")
                .containsPattern("nowhere|exit code 3")
                .contains("--servers 0")
                .doesNotContain("lbkit ready");
    }

    @Test
    void a_pool_that_is_meant_to_be_empty_is_ready() throws Exception {
        Balancer balancer = Balancer.start(
                RunningBalancer.settings(state, "--pool", "process:/nowhere/server {port}", "--servers", "0"));
        try (balancer) {
            assertThat(balancer.awaitReady()).contains("lbkit ready", "(0 servers");
        }
    }
}
