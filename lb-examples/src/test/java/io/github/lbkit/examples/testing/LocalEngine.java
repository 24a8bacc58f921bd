package io.github.lbkit.examples.testing;

import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.DockerImages;
import io.github.lbkit.examples.json.JsonTree;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The machine's engine, and images of busybox that a test builds on it from nothing but the machine's own static
 * busybox. What is made of them carries this run's label, and is gone when this is closed. Confined to the test's
 * thread.
 */
public final class LocalEngine implements AutoCloseable {
    /** The port inside of the containers. */
    public static final int PORT = 8080;

    private static final Path SOCKET = Path.of("/var/run/docker.sock");
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String RUN_LABEL = "lb.test.run";

    private final String run = UUID.randomUUID().toString();

    private record Answer(int status, String body) {}

    /** What is missing for it; empty if nothing is. */
    public static String missing() {
        if (!Files.isExecutable(BUSYBOX)) {
            return BUSYBOX + " (Debian: busybox-static)";
        }
        try {
            return call("GET", "/_ping").status() == 200 ? "" : "a Docker engine behind " + SOCKET;
        } catch (IOException e) {
            return "a Docker engine behind " + SOCKET + ": " + e.getMessage();
        }
    }

    /** Builds an image whose server answers with this. */
    public String build(String answer, Path directory) throws IOException {
        String name = "lb-test/" + answer + ":" + run.substring(0, 8);
        Files.createDirectories(directory.resolve("www"));
        Files.writeString(directory.resolve("www/index.html"), answer + "\n");
        Files.copy(BUSYBOX, directory.resolve("busybox"));
        Files.writeString(directory.resolve("Dockerfile"), """
                FROM scratch
                COPY busybox /bin/busybox
                COPY www /www
                LABEL %s=%s
                STOPSIGNAL SIGKILL
                CMD ["/bin/busybox", "httpd", "-f", "-p", "%d", "-h", "/www"]
                """.formatted(RUN_LABEL, run, PORT));
        PoolContext context = new PoolContext("images", Runtimes.system(), directory);
        try (DockerImages images = DockerImages.open(context, Optional.of("unix://" + SOCKET))) {
            images.build(name, directory, Duration.ofMinutes(1), line -> {});
        }
        return name;
    }

    /** Its address, for options of a pool. */
    public String address() {
        return "unix://" + SOCKET;
    }

    private static Answer call(String method, String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(SOCKET));
            Channels.newOutputStream(channel)
                    .write((method + " " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(
                    Integer.parseInt(answer, 9, 12, 10),
                    answer.substring(answer.indexOf("\r\n\r\n") + "\r\n\r\n".length()));
        }
    }

    @Override
    public void close() throws IOException {
        for (String container : ids("/containers/json?all=1&filters=")) {
            call("DELETE", "/containers/" + container + "?force=1&v=1");
        }
        for (String image : ids("/images/json?filters=")) {
            call("DELETE", "/images/" + image + "?force=1");
        }
    }

    private List<String> ids(String listing) throws IOException {
        String filters = "{\"label\":[\"" + RUN_LABEL + "=" + run + "\"]}";
        Object listed = JsonTree.read(call("GET", listing + URLEncoder.encode(filters, StandardCharsets.UTF_8))
                .body());
        return listed instanceof List<?> all
                ? all.stream()
                        .map(one -> one instanceof Map<?, ?> made ? String.valueOf(made.get("Id")) : "")
                        .toList()
                : List.of();
    }
}
