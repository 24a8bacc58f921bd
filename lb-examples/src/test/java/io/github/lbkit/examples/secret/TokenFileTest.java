package io.github.lbkit.examples.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.log.Logs;
import io.github.lbkit.testkit.ManualScheduler;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
    private static final Duration LOOK = Duration.ofSeconds(1);

    @TempDir
    Path dir;

    @Test
    void a_new_token_applies_after_a_second_and_a_bad_file_keeps_the_old_and_is_reported_once() throws Exception {
        Path path = Files.writeString(dir.resolve("token"), "first");
        ManualScheduler time = new ManualScheduler();
        TokenFile file = TokenFile.open(path);
        file.follow(time);
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Logs.flush(Duration.ofSeconds(20)); // lines of others
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (String content : new String[] {"second\n", "", "  \n", "two words"}) {
                Files.writeString(path, content);
                time.advance(LOOK);
                assertThat(file.get()).isEqualTo("second");
            }
            Files.delete(path);
            time.advance(LOOK.multipliedBy(5));
            assertThat(file.get()).isEqualTo("second");
            Files.writeString(path, "third");
            time.advance(LOOK);
            assertThat(file.get()).isEqualTo("third");
        } finally {
            Logs.flush(Duration.ofSeconds(20));
            System.setErr(before);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("WARN")))
                .as("one line for a bad file, one for a file that is gone")
                .hasSize(2);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("second", "third", "words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "tab\tbed", "größe"})
    void a_token_with_spaces_or_invisible_characters_is_refused(String content) throws Exception {
        Path path = Files.writeString(dir.resolve("token"), content);

        assertThatThrownBy(() -> TokenFile.read(path))
                .hasMessageContaining("--admin-token-file")
                .hasMessageContaining("one visible word");
        assertThatThrownBy(() -> TokenFile.read(dir.resolve("none"))).hasMessageContaining("can be read");
    }
}
