package io.github.lbkit.docker;

import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.Engines;
import io.github.lbkit.docker.internal.engine.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The images of an engine: tests whether an image exists and builds images from directories. Thread-safe; blocks. */
public final class DockerImages implements AutoCloseable {
    private final Engine engine;
    private final Images images;

    private DockerImages(Engine engine) {
        this.engine = engine;
        images = new Images(engine);
    }

    /**
     * Opens the images of an engine.
     *
     * @param address {@code unix:///path} or {@code tcp://host:port}; empty for the engine that Docker's command line
     *     would use
     */
    public static DockerImages open(PoolContext context, Optional<String> address) {
        return new DockerImages(Engines.open(address, context));
    }

    /**
     * Returns true if the engine has an image of this name.
     *
     * @throws EngineException if the engine does not answer
     */
    public boolean has(String name) {
        return images.id(name).isPresent();
    }

    /**
     * Builds an image from a directory with a {@code Dockerfile}.
     *
     * @param timeout the maximum duration of the build
     * @param progress receives the engine's output line by line
     * @throws EngineException if the build fails
     * @throws IOException if the directory cannot be read
     */
    public void build(String name, Path directory, Duration timeout, Consumer<String> progress) throws IOException {
        Path archive = Files.createTempFile("lbkit-image-", ".tar");
        try {
            try (OutputStream out = Files.newOutputStream(archive);
                    TarWriter tar = new TarWriter(out)) {
                pack(directory, tar);
            }
            images.build(name, () -> open(archive), timeout, progress);
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    private static void pack(Path directory, TarWriter tar) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.filter(path -> !path.equals(directory)).sorted().toList();
        }
        for (Path path : paths) {
            String name = directory.relativize(path).toString().replace('\\', '/');
            if (Files.isSymbolicLink(path)) {
                tar.link(name, Files.readSymbolicLink(path).toString());
            } else if (Files.isDirectory(path)) {
                tar.directory(name, mode(path, 0755));
            } else {
                tar.file(name, mode(path, Files.isExecutable(path) ? 0755 : 0644), Files.readAllBytes(path));
            }
        }
    }

    /** Returns the permissions of a file, or the default if the file system has none. */
    private static int mode(Path path, int defaultMode) throws IOException {
        boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
        return unix && Files.getAttribute(path, "unix:mode") instanceof Integer mode ? mode & 07777 : defaultMode;
    }

    private static InputStream open(Path archive) {
        try {
            return Files.newInputStream(archive);
        } catch (IOException e) {
            throw new UncheckedIOException("the archive of the image cannot be read again", e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
