package io.github.lbkit.docker.internal.container;

import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.EngineFailures;
import io.github.lbkit.docker.internal.engine.Json;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images of an engine: resolving names, pulling and building. Thread-safe; every method blocks. */
public final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final Engine engine;

    /** The images that were pulled before; guarded by this. */
    private final Set<String> pulled = new HashSet<>();

    /** Creates the view of this engine's images. */
    public Images(Engine engine) {
        this.engine = engine;
    }

    /** Returns the id of the image that this name refers to now; empty if there is no such image. */
    public Optional<String> id(String name) {
        try {
            return engine.ask(EngineCall.get("/images/" + name + "/json"))
                    .at("Id")
                    .text();
        } catch (EngineException.NotFound none) {
            return Optional.empty();
        }
    }

    /**
     * Builds an image from an archive with a Dockerfile; passes each line of the engine's output to {@code progress}.
     */
    public void build(String name, Supplier<InputStream> tar, Duration timeout, Consumer<String> progress) {
        String path = "/build?rm=1&forcerm=1&t=" + encoded(name);
        engine.lines(EngineCall.post(path, tar).withTimeout(timeout), line -> {
            throwIfError(line, "image " + name + " was not built");
            line.at("stream")
                    .text()
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .ifPresent(progress);
        });
    }

    /**
     * Returns the options with the id of the image that their image name refers to now. The image is pulled first if
     * the options ask for it. Options that have an id are returned unchanged. Pulls run one at a time.
     *
     * @param anew true to pull an image with {@code pull=always} again if it was pulled before
     * @throws EngineException.NotFound if the engine has no such image
     */
    public DockerOptions resolve(DockerOptions options, boolean anew) {
        if (options.imageId().isPresent()) {
            return options;
        }
        synchronized (this) {
            if (anew) {
                pulled.remove(options.image());
            }
            ensure(options);
        }
        return id(options.image())
                .map(options::withImageId)
                .orElseThrow(() ->
                        new EngineException.NotFound("No such image: " + options.image() + EngineFailures.PULL_HINT));
    }

    /** Returns these options with the image of the others. */
    static DockerOptions withImageOf(DockerOptions options, DockerOptions others) {
        DockerOptions named = options.withImage(others.image());
        return others.imageId().map(named::withImageId).orElse(named);
    }

    /** Returns the image of these options as text: its name, and its id if it is resolved. */
    static String describe(DockerOptions options) {
        return options.image() + options.imageId().map(id -> " " + id).orElse("");
    }

    /** Returns these options with the image from a text that {@link #describe} has returned. */
    public static DockerOptions recall(DockerOptions options, String description) {
        String[] words = description.split(" ", 2);
        DockerOptions named = options.withImage(words[0]);
        return words.length == 1 ? named : named.withImageId(words[1]);
    }

    /**
     * Ensures that the engine has the image with the id of these options. If pulling is allowed, a missing image is
     * pulled by its name, which may still refer to that id.
     *
     * @throws EngineException.NotFound if the image is missing and pulling does not help
     */
    void require(DockerOptions options) {
        String wanted = options.imageId().orElse(options.image());
        if (id(wanted).isPresent()) {
            return;
        }
        if (options.pull() != DockerOptions.Pull.NEVER) {
            pull(options.image(), options.pullTimeout());
            if (id(wanted).isPresent()) {
                return;
            }
        }
        throw new EngineException.NotFound("image " + options.image() + " was " + wanted
                + " when the pool resolved the name, and the engine no longer has that image; the name "
                + id(options.image()).map(id -> "refers to " + id + " now").orElse("refers to no image now")
                + "; roll out an image that is there (rollout --image)");
    }

    /** Pulls the image if the options ask for it and it was not pulled before. Pulls run one at a time. */
    public synchronized void ensure(DockerOptions options) {
        if (options.imageId().isPresent()) {
            return; // the name may refer to another image by now
        }
        boolean pull = options.pull() == DockerOptions.Pull.ALWAYS
                ? !pulled.contains(options.image())
                : options.pull() == DockerOptions.Pull.MISSING
                        && id(options.image()).isEmpty();
        if (pull) {
            pull(options.image(), options.pullTimeout());
            pulled.add(options.image());
        }
    }

    private void pull(String image, Duration timeout) {
        LOG.info("pulling {}", image);
        String tagged = image.indexOf('@') >= 0 || image.lastIndexOf(':') > image.lastIndexOf('/')
                ? image
                : image + ":latest"; // without a tag the engine would pull all tags
        Map<String, Layer> layers = new LinkedHashMap<>();
        String[] logged = {""};
        engine.lines(
                EngineCall.post("/images/create?fromImage=" + encoded(tagged)).withTimeout(timeout), line -> {
                    throwIfError(line, "image " + image + " was not pulled");
                    Json detail = line.at("progressDetail");
                    line.at("id")
                            .text()
                            .filter(id -> detail.at("total").isPresent())
                            .ifPresent(id -> {
                                layers.put(
                                        id,
                                        new Layer(
                                                detail.at("current").number(0),
                                                detail.at("total").number(0)));
                                String percent = percent(layers);
                                if (!percent.equals(logged[0])) {
                                    logged[0] = percent;
                                    LOG.info("pulling {}: {} %", image, percent);
                                }
                            });
                });
        LOG.info("pulled {}", image);
    }

    private record Layer(long current, long total) {}

    /** Returns the progress in percent, in steps of ten. */
    private static String percent(Map<String, Layer> layers) {
        long total =
                Math.max(1, layers.values().stream().mapToLong(Layer::total).sum());
        long current = layers.values().stream().mapToLong(Layer::current).sum();
        return String.valueOf(Math.min(100, current * 10 / total * 10));
    }

    private static void throwIfError(Json line, String what) {
        line.at("error").text().ifPresent(error -> {
            throw new EngineException.Failed(what + ": " + error);
        });
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
