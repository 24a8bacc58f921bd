package io.github.lbkit.api.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.pool.process.ProcessOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisedOptionsTest {
    static Stream<ThrowingCallable> wrong() {
        return Stream.of(
                () -> SupervisedOptions.builder().servers(-1),
                () -> SupervisedOptions.builder().servers(List.of("a", "a")),
                () -> SupervisedOptions.builder().servers(List.of(" a")),
                () -> SupervisedOptions.builder().servers(3).maxServers(2).build(),
                () -> SupervisedOptions.builder().maxServers(0),
                () -> SupervisedOptions.builder().readinessTimeout(Duration.ZERO),
                () -> SupervisedOptions.builder().drainTimeout(Duration.ofSeconds(-1)),
                () -> SupervisedOptions.builder().stopGrace(Duration.ofDays(2)),
                () -> SupervisedOptions.builder().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                () -> SupervisedOptions.builder().backoff(Duration.ZERO, Duration.ofSeconds(1)),
                () -> SupervisedOptions.builder().stableAfter(Duration.ZERO),
                () -> SupervisedOptions.builder().launchConcurrency(0),
                () -> SupervisedOptions.builder().resyncInterval(Duration.ZERO),
                () -> SupervisedOptions.builder().replacementPrefix("Emergency"),
                () -> SupervisedOptions.builder().replacementPrefix("-x"),
                () -> SupervisedOptions.builder().replacementPrefix("a".repeat(17)),
                () -> ProcessOptions.command(List.of()),
                () -> ProcessOptions.command(List.of(" ", "{port}")),
                () -> ProcessOptions.command(List.of("a", "{port}")).environment("A=B", "c"),
                () -> ProcessOptions.command(List.of("a", "{port}")).logsKept(-1),
                () -> ProcessOptions.command(List.of("a", "{port}")).readyLine("["));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_wrong_setting_is_refused_where_it_is_set(ThrowingCallable setting) {
        assertThatThrownBy(setting).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void servers_are_numbered_from_one_by_default() {
        assertThat(SupervisedOptions.builder().servers(3).build().servers)
                .containsExactly("Server 1", "Server 2", "Server 3");
    }
}
