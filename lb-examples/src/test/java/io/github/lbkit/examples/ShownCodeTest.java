package io.github.lbkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Code in the documents is, to the letter, what the projects of lb-examples/consumers are made of, which the checks
 * build and run. A document names the file, and the part of it between the comments {@code begin NAME} and {@code end
 * NAME}.
 */
class ShownCodeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SHOWN = Pattern.compile(
            "<!-- from (?<file>[^#\\s]+)(?:#(?<part>\\S+))? -->\n```java\n(?<code>.*?)\n```\n", Pattern.DOTALL);

    @ParameterizedTest
    @CsvSource({"README.md, 3", "docs/guide.md, 9", "docs/client.md, 1", "docs/hashing.md, 2"})
    void a_document_shows_the_code_of_a_consumer(String document, int shown) throws IOException {
        Matcher matcher = SHOWN.matcher(Files.readString(ROOT.resolve(document)));

        int count = 0;
        while (matcher.find()) {
            count++;
            String part = matcher.group("part") == null ? "" : " " + matcher.group("part");
            assertThat(matcher.group("code"))
                    .as("%s%s in %s", matcher.group("file"), part, document)
                    .isEqualTo(between(Files.readString(ROOT.resolve(matcher.group("file"))), part));
        }
        assertThat(count).as("code shown in %s", document).isEqualTo(shown);
    }

    private static String between(String source, String part) {
        String begin = "// begin" + part + "\n";
        int from = source.indexOf(begin);
        int to = source.indexOf("// end" + part + "\n");
        assertThat(from).as("%s in the source", begin).isNotNegative().isLessThan(to);
        String lines = source.substring(from + begin.length(), source.lastIndexOf('\n', to) + 1);
        return lines.stripTrailing().stripIndent().strip();
    }
}
