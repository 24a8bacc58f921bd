package io.github.lbkit.examples.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KillTest {
    private static Server server(String instance) {
        return Server.ready("S1", new Instance(instance, Address.of("127.0.0.1", 9000), 1));
    }

    @Test
    void a_command_kills_what_it_is_told_of() throws Exception {
        Process sleeping = new ProcessBuilder("sleep", "300").start();
        try {
            new CommandKill("kill -9 {instance}").kill(server(Long.toString(sleeping.pid())));

            assertThat(sleeping.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            sleeping.destroyForcibly();
        }
    }

    @Test
    void a_command_that_fails_or_cannot_be_run_is_told() {
        assertThatThrownBy(() -> new CommandKill("false").kill(server("x"))).hasMessageContaining("status 1");
        assertThatThrownBy(() -> new CommandKill("/no/such/program {id}").kill(server("x")))
                .hasMessageContaining("/no/such/program");
        assertThatThrownBy(() -> new CommandKill(" ")).hasMessageContaining("--kill-command");
    }

    @Test
    void a_server_that_is_no_process_of_this_one_cannot_be_killed_as_one() {
        assertThatThrownBy(() -> new ProcessKill().kill(server("x"))).hasMessageContaining("no process of server 'S1'");
    }
}
