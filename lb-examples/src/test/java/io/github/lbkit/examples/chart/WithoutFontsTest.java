package io.github.lbkit.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime of its own draws a chart, and what it loaded for that is looked at. */
class WithoutFontsTest {
    @TempDir
    Path directory;

    /** Draws one chart into the file that is named. */
    static final class DrawOnce {
        private DrawOnce() {}

        /** The argument is the file. */
        public static void main(String[] arguments) throws Exception {
            Files.write(
                    Path.of(arguments[0]),
                    new BarChart(
                                    new Heading("Requests by server", "No requests yet."),
                                    "requests",
                                    List.of("Server 1"),
                                    List.of(new Series("requests", Colour.BLUE, false, List.of(7.0))))
                            .draw()
                            .png(1));
        }
    }

    @Test
    void a_png_with_text_is_drawn_without_the_fonts_of_the_machine() throws Exception {
        Path png = directory.resolve("chart.png");
        Path loaded = directory.resolve("loaded");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.awt.headless=true",
                        "-Xlog:class+load,library:file=" + loaded,
                        "-cp",
                        System.getProperty("java.class.path"),
                        DrawOnce.class.getName(),
                        png.toString())
                .inheritIO()
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Pixels.of(Files.readAllBytes(png)).count(Colour.BLACK)).isGreaterThan(500);
        assertThat(Files.readAllLines(loaded))
                .as("whatever looks for fonts")
                .noneMatch(line -> line.contains("FontManager ")
                        || line.contains("FontConfiguration ")
                        || line.contains("FontScaler ")
                        || line.contains("libfontmanager"));
    }
}
