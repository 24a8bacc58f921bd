package io.github.lbkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DecisionsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return Main.run(List.of(arguments), line);
    }

    @Test
    void lint_tells_the_split_of_the_assignment_and_why() {
        assertThat(run("lint", "--policy", "assignment", "--servers", "3")).isZero();

        assertThat(out.toString()).contains("84.37", "4.69", "10.94", "87 of 512");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hash",
                "rendezvous",
                "capped",
                "ring",
                "ketama",
                "envoy-ring",
                "maglev",
                "envoy-maglev",
                "jump",
                "assignment"
            })
    void every_policy_that_routes_by_key_is_explained_planned_and_linted(String policy) {
        assertThat(run("explain", "--policy", policy, "--servers", "4", "--key", "a,17"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("Server 1", "Server 2", "Server 3", "Server 4", " → ");
        assertThat(run("plan", "--policy", policy, "--servers", "4", "--add", "Server 5"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("moves ", "→ Server 5");
        assertThat(run("lint", "--policy", policy, "--servers", "4"))
                .as(err.toString())
                .isZero();
    }

    @Test
    void what_is_wrong_is_named() {
        assertThat(run("lint", "--policy", "round-robin")).isEqualTo(2);
        assertThat(run("plan", "--remove", "S9")).isEqualTo(2);
        assertThat(run("explain", "--policy", "nothing", "--key", "a")).isEqualTo(2);

        assertThat(err.toString())
                .contains("'round-robin' does not route by key")
                .contains("'S9' is not one of the servers [Server 1, Server 2, Server 3]")
                .contains("'nothing'");
    }
}
