package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the guides show is what is compiled and run here, to the letter. */
class GuideTest {
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "github", "lbkit", "testkit");
    private static final Path GUIDES = Path.of("..", "docs");

    @ParameterizedTest
    @CsvSource({
        "testkit.md, PolledPool.java",
        "testkit.md, PolledPoolTest.java",
        "testkit.md, RoundRobinContractTest.java",
        "simulation.md, sim/OwnScenarioTest.java"
    })
    void a_guide_shows_the_code_between_the_marks(String guide, String source) throws IOException {
        String code = Files.readString(SOURCES.resolve(source));
        int begin = code.indexOf("// begin\n");
        int end = code.indexOf("// end\n");
        assertThat(begin).as("the marks in %s", source).isNotNegative().isLessThan(end);

        String shown = code.substring(begin + "// begin\n".length(), end).stripTrailing();

        assertThat(Files.readString(GUIDES.resolve(guide))).contains("```java\n" + shown.stripIndent() + "\n```\n");
    }
}
