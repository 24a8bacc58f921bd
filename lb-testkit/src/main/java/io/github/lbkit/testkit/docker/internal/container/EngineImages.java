package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The images that one engine has or can pull. Guarded by the engine's lock. */
public final class EngineImages {
    private static final int MIN_ID_PREFIX = 4;

    private final EngineContext context;

    /** The images by name and tag. */
    private final Map<String, Image> byName = new LinkedHashMap<>();

    /** The images whose last name was given to another image; they are found by id. */
    private final List<Image> untagged = new ArrayList<>();

    private final Map<String, ContainerTraits> pullable = new LinkedHashMap<>();

    /** One image; {@code traits} are those of its containers. */
    public record Image(String id, Map<String, String> labels, ContainerTraits traits) {}

    /** Creates the empty set of images of an engine. */
    public EngineImages(EngineContext context) {
        this.context = context;
    }

    /** Adds a new image of this name; an image that had the name before keeps its id. */
    public Image put(String name, Map<String, String> labels, ContainerTraits traits) {
        Image image = new Image("sha256:" + context.newId(), labels, traits);
        name(image, name);
        return image;
    }

    /** Makes an image available to pull. */
    public void makePullable(String name) {
        pullable.put(withTag(name), ContainerTraits.SERVING);
    }

    /** Adds a name to the image that is found by name or id. */
    public void tag(String subject, String name) {
        name(image(subject), name);
    }

    private void name(Image image, String name) {
        Image before = byName.put(withTag(name), image);
        untagged.remove(image);
        if (before != null && !byName.containsValue(before)) {
            untagged.add(before);
        }
    }

    /** Removes an image and all its names. */
    public void remove(Image image) {
        byName.values().removeIf(image::equals);
        untagged.remove(image);
    }

    /** Pulls an image; returns false if it cannot be pulled. */
    boolean pull(String name) {
        ContainerTraits traits = pullable.get(withTag(name));
        if (traits == null) {
            return false;
        }
        put(name, Map.of(), traits);
        return true;
    }

    /** Returns the image of this name or id; throws an error 404 if there is none. */
    public Image image(String subject) {
        return find(subject).orElseThrow(() -> new EngineError(404, "No such image: " + withTag(subject)));
    }

    /** Returns the image of this name or id; empty if there is none. */
    public Optional<Image> find(String subject) {
        Image named = byName.get(withTag(subject));
        return named != null
                ? Optional.of(named)
                : Stream.concat(byName.values().stream(), untagged.stream())
                        .filter(image -> image.id().equals(subject)
                                || (subject.length() >= MIN_ID_PREFIX
                                        && image.id().startsWith("sha256:" + subject)))
                        .findFirst();
    }

    /** Returns the images by name and tag. */
    public Map<String, Image> all() {
        return byName;
    }

    private static String withTag(String name) {
        return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":latest" : name;
    }
}
