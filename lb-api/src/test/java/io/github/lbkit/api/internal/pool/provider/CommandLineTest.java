package io.github.lbkit.api.internal.pool.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void words_are_split_at_blanks_outside_of_quotes() {
        assertThat(CommandLine.split(
                        "  java -jar 'my app.jar' --id \"{id}\" --x=\"a 'b' \\\" c\" '' a\\ b 'it'\\''s' "))
                .containsExactly("java", "-jar", "my app.jar", "--id", "{id}", "--x=a 'b' \" c", "", "a b", "it's");
        assertThat(CommandLine.split(" \t ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 'b", "a \"b", "a b\\", "\"a\\\""})
    void an_open_quote_or_escape_is_refused(String line) {
        assertThatThrownBy(() -> CommandLine.split(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(line);
    }

    @Property
    void any_arguments_survive_quoting(@ForAll List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            line.append('\'').append(word.replace("'", "'\\''")).append("' ");
        }

        assertThat(CommandLine.split(line.toString())).isEqualTo(words);
    }
}
