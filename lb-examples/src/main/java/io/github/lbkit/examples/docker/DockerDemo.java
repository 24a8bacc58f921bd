package io.github.lbkit.examples.docker;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.docker.DockerImages;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.DockerServerPool;
import io.github.lbkit.examples.demo.ContainerServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The pool of demo servers in containers, whose image is built if the engine does not have it. Stateless. */
public final class DockerDemo {
    private static final String NAME = "lbkit/demo";
    private static final Duration BUILD = Duration.ofMinutes(5);
    private static final long MEMORY = 128L << 20;

    private DockerDemo() {}

    /**
     * Opens a pool of demo servers.
     *
     * @throws IOException if the image cannot be built
     */
    public static ManagedServerPool open(PoolContext context, SupervisedOptions supervised, Consumer<String> progress)
            throws IOException {
        DockerOptions options = DockerOptions.image(image(context, progress), ContainerServer.PORT)
                .environment(ContainerServer.ID, "{id}")
                .memory(MEMORY)
                .readOnlyRoot(true)
                .build();
        return DockerServerPool.open(context, options, supervised);
    }

    /** Returns the name of the demo image; builds the image if the engine does not have it. */
    private static String image(PoolContext context, Consumer<String> progress) throws IOException {
        JavaImage image = JavaImage.ofThisProgram();
        String name = NAME + ":" + image.hash();
        try (DockerImages images = DockerImages.open(context, Optional.empty())) {
            if (!images.has(name)) {
                progress.accept("building the demo image " + name + " (only once)");
                build(images, name, image, progress);
            }
        }
        return name;
    }

    private static void build(DockerImages images, String name, JavaImage image, Consumer<String> progress)
            throws IOException {
        Path directory = Files.createTempDirectory("lbkit-image-");
        try {
            image.write(directory, progress);
            images.build(name, directory, BUILD, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during the build of the demo image");
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
