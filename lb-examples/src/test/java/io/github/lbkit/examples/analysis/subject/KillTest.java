package io.github.lbkit.examples.analysis.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
    private static Server server(String instance) {
        return Server.ready("S1", new Instance(instance, Address.of("127.0.0.1", 9000), 1));
    }

    @Test
    void the_command_gets_the_instance_to_kill() throws Exception {
        Process sleeping = new ProcessBuilder("sleep", "300").start();
        try {
            new CommandKill("kill -9 {instance}")
                    .prepare("pool", server(Long.toString(sleeping.pid())))
                    .kill();

            assertThat(sleeping.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            sleeping.destroyForcibly();
        }
    }

    @Test
    void a_command_that_fails_or_cannot_be_run_is_reported() {
        assertThatThrownBy(() ->
                        new CommandKill("false").prepare("pool", server("x")).kill())
                .hasMessageContaining("status 1");
        assertThatThrownBy(() -> new CommandKill("/no/such/program {id}")
                        .prepare("pool", server("x"))
                        .kill())
                .hasMessageContaining("/no/such/program");
        assertThatThrownBy(() -> new CommandKill(" ")).hasMessageContaining("--kill-command");
    }

    /** A client of an engine that knows one container; it notes what it is asked. */
    private String docker(Path directory, String listed) throws Exception {
        Path program = directory.resolve("docker");
        Files.writeString(program, """
                #!/bin/sh
                echo "$*" >>'%s/asked'
                [ "$1" != ps ] || echo '%s'
                """.formatted(directory, listed));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program.toString();
    }

    @Test
    void a_container_is_killed_by_what_the_engine_calls_it(@TempDir Path directory) throws Exception {
        new ContainerKill(docker(directory, "0123abcd"))
                .prepare("lbkit-7432", server("s1-af"))
                .kill();

        assertThat(directory.resolve("asked")).hasContent("""
                ps --quiet --filter label=lbkit.pool=lbkit-7432 --filter label=lbkit.id=S1 --filter label=lbkit.generation=1
                kill 0123abcd
                """);
    }

    @Test
    void a_missing_container_is_reported_before_any_kill(@TempDir Path directory) throws Exception {
        ContainerKill kill = new ContainerKill(docker(directory, ""));

        assertThatThrownBy(() -> kill.prepare("lbkit-7432", server("s1-af")))
                .hasMessageContaining("server 'S1', generation 1, of pool 'lbkit-7432' cannot be found");
        assertThat(directory.resolve("asked")).content().doesNotContain("kill");
    }

    @Test
    void a_server_that_is_no_process_of_this_one_cannot_be_killed_as_one() {
        assertThatThrownBy(() -> new ProcessKill().prepare("pool", server("x")))
                .hasMessageContaining("no process of server 'S1'");
    }
}
