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

/** The engine's images. Thread-safe; every method blocks. */
public final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final Engine engine;

    /** Guarded by this. */
    private final Set<String> pulled = new HashSet<>();

    /** The images of this engine. */
    public Images(Engine engine) {
        this.engine = engine;
    }

    /** The id of what this name stands for now; empty if there is none. */
    public Optional<String> id(String name) {
        try {
            return engine.ask(EngineCall.get("/images/" + name + "/json"))
                    .at("Id")
                    .text();
        } catch (EngineException.NotFound none) {
            return Optional.empty();
        }
    }

    /** Builds an image from an archive with a Dockerfile; tells what the engine says. */
    public void build(String name, Supplier<InputStream> tar, Duration within, Consumer<String> progress) {
        String path = "/build?rm=1&forcerm=1&t=" + encoded(name);
        engine.lines(EngineCall.post(path, tar).within(within), line -> {
            failOn(line, "image " + name + " was not built");
            line.at("stream")
                    .text()
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .ifPresent(progress);
        });
    }

    /**
     * The options with the id of what their image's name stands for now; the image is pulled before if they say so. Options
     * that have an id stay as they are. One at a time.
     *
     * @param anew whether an image that is always pulled is pulled although this has pulled it before
     * @throws EngineException.NotFound if the engine has no such image
     */
    public DockerOptions resolved(DockerOptions options, boolean anew) {
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
                .orElseThrow(
                        () -> new EngineException.NotFound("No such image: " + options.image() + EngineFailures.PULL_HINT));
    }

    /** These options with the image of the others. */
    static DockerOptions as(DockerOptions options, DockerOptions others) {
        DockerOptions named = options.withImage(others.image());
        return others.imageId().map(named::withImageId).orElse(named);
    }

    /** The image of these options as text: its name, and its id if it has one. */
    static String described(DockerOptions options) {
        return options.image() + options.imageId().map(id -> " " + id).orElse("");
    }

    /** These options with the image that this text {@linkplain #described describes}. */
    public static DockerOptions recalled(DockerOptions options, String description) {
        String[] words = description.split(" ", 2);
        DockerOptions named = options.withImage(words[0]);
        return words.length == 1 ? named : named.withImageId(words[1]);
    }

    /**
     * Sees to it that the image of these options, which have its id, is there; where they say so, their image is pulled
     * again in the hope that its name still stands for that id.
     *
     * @throws EngineException.NotFound if it is not
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
                + " when the pool resolved the name, and the engine has that image no more; the name "
                + id(options.image()).map(id -> "stands for " + id + " now").orElse("stands for no image now")
                + "; roll out an image that is there (rollout --image)");
    }

    /** Sees to it that the image is there, as far as that was asked for. One at a time. */
    public synchronized void ensure(DockerOptions options) {
        if (options.imageId().isPresent()) {
            return; // the name may stand for anything by now
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

    private void pull(String image, Duration within) {
        LOG.info("pulling {}", image);
        String tagged = image.indexOf('@') >= 0 || image.lastIndexOf(':') > image.lastIndexOf('/')
                ? image
                : image + ":latest"; // without a tag the engine would pull all of them
        Map<String, Layer> layers = new LinkedHashMap<>();
        String[] last = {""};
        engine.lines(
                EngineCall.post("/images/create?fromImage=" + encoded(tagged)).within(within), line -> {
                    failOn(line, "image " + image + " was not pulled");
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
                                if (!percent.equals(last[0])) {
                                    last[0] = percent;
                                    LOG.info("pulling {}: {} %", image, percent);
                                }
                            });
                });
        LOG.info("pulled {}", image);
    }

    private record Layer(long current, long total) {}

    /** In steps of ten. */
    private static String percent(Map<String, Layer> layers) {
        long total =
                Math.max(1, layers.values().stream().mapToLong(Layer::total).sum());
        long current = layers.values().stream().mapToLong(Layer::current).sum();
        return String.valueOf(Math.min(100, current * 10 / total * 10));
    }

    private static void failOn(Json line, String what) {
        line.at("error").text().ifPresent(error -> {
            throw new EngineException.Failed(what + ": " + error);
        });
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
