package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.container.Labels;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.internal.engine.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container that represents a pool's lease. It has a fixed name and is never started; its files hold the data of
 * the lease. Its image is empty and belongs to lbkit, so that the lease depends on no image of an application.
 * Thread-safe; every method blocks.
 */
final class LeaseContainer {
    private static final String IMAGE = "lbkit-lease:1";
    private static final Duration BUILD_TIMEOUT = Duration.ofMinutes(1);
    private static final int TAR_BLOCK = 512;
    private static final Logger LOG = LoggerFactory.getLogger(LeaseContainer.class);

    private final Engine engine;
    private final Images images;
    private final DockerOptions options;
    private final String pool;
    private final String creator;
    private final String name;

    LeaseContainer(Engine engine, Images images, DockerOptions options, String pool, String creator) {
        this.engine = engine;
        this.images = images;
        this.options = options;
        this.pool = pool;
        this.creator = creator;
        name = "lbkit-lease." + pool;
    }

    String name() {
        return name;
    }

    /**
     * Creates the container. The engine does this atomically, since names are unique.
     *
     * @return the container's id
     * @throws EngineException.Conflict if the container exists
     */
    String create() {
        return engine.ask(EngineCall.post("/containers/create?name=" + name, createBody(image())))
                .at("Id")
                .text()
                .orElseThrow();
    }

    /** Returns the name of the empty image. If the engine does not let it be built, the application's image is used. */
    private String image() {
        if (images.id(IMAGE).isPresent()) {
            return IMAGE;
        }
        byte[] tar = tar("Dockerfile", "FROM scratch\nLABEL " + Labels.LEASE + "=image\n");
        try {
            images.build(IMAGE, () -> new ByteArrayInputStream(tar), BUILD_TIMEOUT, line -> {});
            return IMAGE;
        } catch (EngineException refused) {
            LOG.warn(
                    "pool {}: the image {} of leases cannot be built, so that the lease depends on image {}: {}",
                    pool,
                    IMAGE,
                    options.image(),
                    refused.getMessage());
            images.ensure(options);
            return options.image();
        }
    }

    private Json createBody(String image) {
        Map<String, String> labels = new TreeMap<>(options.labels());
        labels.put(Labels.LEASE, pool);
        labels.put(Labels.CREATOR, creator);
        labels.put(Labels.CONFIGURED, options.hash());
        return Json.of(Map.of(
                "Image",
                image,
                "Cmd",
                List.of("a lease is never started"),
                "Labels",
                labels,
                "HostConfig",
                Map.of("NetworkMode", "none")));
    }

    /** Returns the engine's description of the container; empty if there is no such container. */
    Optional<Json> inspect() {
        try {
            return Optional.of(engine.ask(EngineCall.get("/containers/" + name + "/json")));
        } catch (EngineException.NotFound none) {
            return Optional.empty();
        }
    }

    /** Returns the content of a file in the container with this id; empty if there is no such file. */
    String read(String id, String file) {
        try {
            byte[] tar = engine.bytes(EngineCall.get("/containers/" + id + "/archive?path=/" + file));
            return tar.length < TAR_BLOCK
                    ? ""
                    : new String(tar, TAR_BLOCK, tar.length - TAR_BLOCK, StandardCharsets.UTF_8)
                            .replaceFirst("\0[\\s\\S]*", "");
        } catch (EngineException.NotFound noneYet) {
            return "";
        }
    }

    /** Writes a file into the container with this id. */
    void write(String id, String file, String content) {
        engine.bytes(EngineCall.put("/containers/" + id + "/archive?path=/", tar(file, content)));
    }

    /** Removes the container with this id; does nothing if another process has removed it. */
    void remove(String id) {
        try {
            engine.bytes(EngineCall.delete("/containers/" + id + "?force=1&v=1"));
        } catch (EngineException.NotFound | EngineException.Conflict gone) {
            // another process was faster
        }
    }

    private static byte[] tar(String file, String content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(bytes)) {
            tar.file(file, 0644, content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
