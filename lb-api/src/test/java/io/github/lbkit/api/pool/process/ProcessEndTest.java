package io.github.lbkit.api.pool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProcessEndTest {
    @Test
    void an_exit_code_above_128_names_its_signal() {
        assertThat(ProcessEnd.code(137)).isEqualTo("137 (SIGKILL)");
        assertThat(ProcessEnd.code(143)).isEqualTo("143 (SIGTERM)");
        assertThat(ProcessEnd.code(139)).isEqualTo("139 (SIGSEGV)");
        assertThat(ProcessEnd.code(3)).isEqualTo("3");
        assertThat(ProcessEnd.code(128)).isEqualTo("128");
        assertThat(ProcessEnd.code(255)).isEqualTo("255");
    }

    @Test
    void the_last_twenty_lines_are_reported_in_order_without_blank_lines() {
        String output =
                IntStream.rangeClosed(1, 30).mapToObj(i -> "line " + i + "\n\n").collect(Collectors.joining());

        assertThat(ProcessEnd.lastLines(output))
                .startsWith("'line 11' | 'line 12'")
                .endsWith("'line 30'");
        assertThat(ProcessEnd.lastLines(" \n\n")).isEmpty();
    }

    @Test
    void control_characters_are_visible_and_long_lines_are_bounded_at_their_end() {
        String told = ProcessEnd.lastLines("a\u001b[31m\n" + "x".repeat(10_000) + "end\n");

        assertThat(ProcessEnd.lastLines("a\u001b[31m")).isEqualTo("'a\\u001b[31m'");
        assertThat(told).hasSizeLessThan(ProcessEnd.CHARACTERS + 10).endsWith("xend'");
    }
}
