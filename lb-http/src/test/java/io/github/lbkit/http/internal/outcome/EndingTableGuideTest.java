package io.github.lbkit.http.internal.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/serve.md has a row for every ending, with its word, its status and what counts against the server.
 */
class EndingTableGuideTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `[a-z:0-9-]+` \\| .* \\| (\\d{3}|none) \\| .* \\| (no|[A-Z]+) \\| .*\\|");

    private record Row(String word, String status, String counts) {
        static Row of(Ending ending) {
            Failure failure = ending.failure();
            return new Row(
                    ending.word(),
                    ending.status() == 0 ? "none" : String.valueOf(ending.status()),
                    failure == null ? "no" : failure.name());
        }

        static Row of(String line) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            return new Row(cells.get(1).replace("`", ""), cells.get(3), cells.get(5));
        }
    }

    @Test
    void the_guide_has_the_table_of_the_code() throws IOException {
        List<Row> guide = Files.readAllLines(Path.of("..", "docs", "serve.md")).stream()
                .filter(line -> ROW.matcher(line).matches())
                .map(Row::of)
                .toList();

        assertThat(guide)
                .containsExactlyElementsOf(Arrays.stream(Ending.values())
                        .filter(ending -> ending != Ending.COMPLETE)
                        .map(Row::of)
                        .toList());
    }
}
