package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the code samples of docs with sources that are compiled and tested. */
class GuideTest {
    private static final String OWN = "src/test/java/io/github/lbkit/testkit/";
    private static final String CUSTOM = "../lb-examples/consumers/custom-pool/src/";
    private static final Path GUIDES = Path.of("..", "docs");

    @ParameterizedTest
    @CsvSource({
        "testkit.md, " + CUSTOM + "main/java/com/example/custompool/SuppliedPool.java",
        "testkit.md, " + CUSTOM + "test/java/com/example/custompool/SuppliedPoolTest.java",
        "testkit.md, " + CUSTOM + "main/java/com/example/custompool/FirstByName.java",
        "testkit.md, " + CUSTOM + "test/java/com/example/custompool/FirstByNameTest.java",
        "supervised.md, " + OWN + "pool/supervised/RolloutGuideTest.java",
        "simulation.md, " + OWN + "sim/OwnScenarioTest.java"
    })
    void a_guide_shows_the_code_between_the_marks(String guide, String source) throws IOException {
        String code = Files.readString(Path.of(source));
        int begin = code.indexOf("// begin\n");
        int end = code.indexOf("// end\n");
        assertThat(begin).as("the marks in %s", source).isNotNegative().isLessThan(end);

        String shown = code.substring(begin + "// begin\n".length(), end).stripTrailing();

        assertThat(Files.readString(GUIDES.resolve(guide))).contains("```java\n" + shown.stripIndent() + "\n```\n");
    }

    @Test
    void the_pool_of_the_guide_has_at_most_40_lines() throws IOException {
        String code = Files.readString(Path.of(CUSTOM, "main/java/com/example/custompool/SuppliedPool.java"));

        String pool = code.substring(code.indexOf("// begin\n") + "// begin\n".length(), code.indexOf("// end\n"));

        assertThat(pool.lines()).hasSizeLessThanOrEqualTo(40);
    }
}
