package io.github.lbkit.docker.real;

import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.internal.engine.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An image that no registry has: busybox's HTTP server on port {@value #PORT}, built from nothing but the machine's own
 * static busybox (Debian's package busybox-static). It ends at once when it is told to.
 */
public final class TestImage {
    /** The port inside of the container. */
    public static final int PORT = 8080;

    /** The image's name. */
    public static final String NAME = "lb-test/busybox:" + RealEngine.RUN.substring(0, 8);

    private TestImage() {}

    /** Builds the image on the machine's engine, if this run has not yet. */
    public static String build() throws IOException {
        return build(RealEngine.engine(), NAME, "");
    }

    /** Builds the image on an engine, with further lines of its Dockerfile. */
    public static String build(Engine engine, String name, String lines) throws IOException {
        byte[] tar = tar(lines);
        String labels = Json.of(RealEngine.labels()).toString();
        String path = "/build?rm=1&forcerm=1&t=" + encoded(name) + "&labels=" + encoded(labels);
        EngineCall call =
                EngineCall.post(path, () -> new ByteArrayInputStream(tar)).withTimeout(Duration.ofMinutes(1));
        engine.lines(
                call,
                line -> line.at("error").text().ifPresent(error -> {
                    throw new IllegalStateException("the test image was not built: " + error);
                }));
        return name;
    }

    private static byte[] tar(String lines) throws IOException {
        String dockerfile = """
                FROM scratch
                COPY busybox /bin/busybox
                COPY www /www
                STOPSIGNAL SIGKILL
                CMD ["/bin/busybox", "httpd", "-f", "-p", "%d", "-h", "/www"]
                """.formatted(PORT) + lines;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(bytes)) {
            tar.file("Dockerfile", 0644, dockerfile.getBytes(StandardCharsets.UTF_8));
            tar.file("busybox", 0755, Files.readAllBytes(Path.of("/bin/busybox")));
            tar.directory("www", 0755);
            tar.file("www/index.html", 0644, "well\n".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
