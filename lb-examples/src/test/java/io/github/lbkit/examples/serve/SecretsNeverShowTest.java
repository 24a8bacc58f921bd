package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.ServeProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A marker stands for a secret in each kind of setting, and must appear in nothing that the balancer says. */
class SecretsNeverShowTest {
    private static final String MARKER = "hunter2-Zq9";

    @TempDir
    Path dir;

    private static String failing(String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine line = new CommandLine(new Main());
        line.setErr(new PrintWriter(said)).setOut(new PrintWriter(said));

        int status = Main.run(List.of(arguments), line);

        assertThat(status).as(said.toString()).isIn(1, 2);
        return said.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--pool|static:http://ann:hunter2-Zq9@127.0.0.1:1",
                "--pool|static:ann:hunter2-Zq9@127.0.0.1:1",
                "--pool|static:http://127.0.0.1:1?password=hunter2-Zq9",
                "--pool|nothing://ann:hunter2-Zq9@h",
                "--pool|docker:a?port=1&env=A=hunter2-Zq9&nonsense=1",
                "--pool|docker:a?port=1&env=A=hunter2-Zq9&port",
                "--pool|docker:a?port=1&env=hunter2-Zq9",
                "--pool|docker:a?port=1&env=%20=%68unter2-Zq9,hunter2-Zq9",
                "--pool|docker:a?port=1&engine=tcp://ann:hunter2-Zq9@127.0.0.1:x",
                "--pool|docker:a?port=1&engine=nothing://ann:hunter2-Zq9@127.0.0.1",
                "--pool|docker:a?port=1&scheme=https&env=A=hunter2-Zq9",
                "--pool|process:./run --password hunter2-Zq9",
                "--pool|process:./run --password=hunter2-Zq9 '",
                "--pool|process:./run {port}?token=hunter2-Zq9",
                "--pool|file:/nowhere?token=hunter2-Zq9",
                "--pool|dns:ann:hunter2-Zq9@h",
                "--password|hunter2-Zq9",
                "--password=hunter2-Zq9",
                "--health-path|health?access_token=hunter2-Zq9",
                "--policy-option|shared-secret=hunter2-Zq9",
                "--servers|http://ann:hunter2-Zq9@h",
                "--listen|ann:hunter2-Zq9@h:80",
                "--pool-name|token=hunter2-Zq9"
            })
    void an_error_names_the_setting_without_its_secret(String words) {
        List<String> all = new ArrayList<>(List.of("serve", "--state-dir", dir.toString()));
        all.addAll(List.of(words.split("\\|")));

        String said = failing(all.toArray(String[]::new));

        assertThat(said).isNotBlank().doesNotContain(MARKER);
    }

    @Test
    void a_file_that_is_not_yaml_is_refused_without_its_lines() throws Exception {
        Path file = Files.writeString(dir.resolve("b.yaml"), "pool: \"static:http://ann:" + MARKER + "@h:1\n");

        String said = failing("serve", "--config", file.toString());

        assertThat(said).contains("not YAML", "line").doesNotContain(MARKER);
    }

    @Test
    void a_secret_of_the_file_is_not_in_the_error_either() throws Exception {
        Path file = Files.writeString(dir.resolve("b.yaml"), "pool: docker:a?port=1&env=" + MARKER + "\n");

        assertThat(failing("serve", "--config", file.toString()))
                .contains("option 'env'")
                .doesNotContain(MARKER);
    }

    @Test
    void no_endpoint_and_no_log_line_shows_one() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "env API_TOKEN=" + MARKER + " " + java + " -Xmx64m -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path") + "' " + Main.class.getName()
                + " server --host 127.0.0.1 --port {port} --id {id}";
        Path file = Files.writeString(
                dir.resolve("b.yaml"),
                "pool: \"process:" + command + "?servers=2&probe-path=/heartbeat%3Ftoken=" + MARKER + "\"\n"
                        + "health-path: /heartbeat?token=" + MARKER + "\naccess-log: true\n");
        StringBuilder said = new StringBuilder();
        try (ServeProcess serve = ServeProcess.start(dir, "--config", file.toString(), "--reserved-paths", "on")) {
            String broken = "{\"command\":[\"/nowhere/run\",\"{port}\",\"--password\",\"" + MARKER + "\",\"http://ann:"
                    + MARKER + "@h\"]}";
            said.append(RawHttp.json(serve.admin, "POST", "/rollout", broken));
            for (String path : paths(serve.admin)) {
                said.append(RawHttp.get(serve.admin, path)).append(RawHttp.send(serve.admin, "POST", path, "x"));
            }
            said.append(RawHttp.get(serve.traffic, "/home")).append(RawHttp.get(serve.traffic, "/performancegraph"));
            said.append(events(serve.admin));
            serve.process.destroy();
            serve.process.waitFor();
        }

        assertThat(said.toString()).contains("process:env API_TOKEN=***", "\"policy\"", "event: state");
        assertThat(said + Files.readString(dir.resolve("out")) + Files.readString(dir.resolve("err")))
                .doesNotContain(MARKER);
    }

    /** Every path of the admin listener but its event stream, as the listener itself lists them. */
    private static List<String> paths(InetSocketAddress admin) throws Exception {
        String listed = RawHttp.get(admin, "/nothing").body().replaceAll(".*the paths are (.*)\",\"status.*", "$1");
        List<String> paths = new ArrayList<>();
        for (String path : listed.split(", ", -1)) {
            if (!path.equals("/events")) {
                paths.add(path.replace("ID", "Server%201"));
            }
        }
        assertThat(paths).contains("/ring", "/metrics", "/servers/Server%201", "/rollout", "/rep");
        paths.addAll(List.of("/explain?key=1", "/plan?add=X", "/servers/nobody", "/rep?verbose=true", "/ring?x=1"));
        return paths;
    }

    private static String events(InetSocketAddress admin) throws Exception {
        try (Socket socket = new Socket(admin.getAddress(), admin.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder read = new StringBuilder();
            byte[] some = new byte[4096];
            while (!read.toString().contains("\"events\":")) {
                int count = socket.getInputStream().read(some);
                assertThat(count).isPositive();
                read.append(new String(some, 0, count, StandardCharsets.UTF_8));
            }
            return read.toString();
        }
    }
}
