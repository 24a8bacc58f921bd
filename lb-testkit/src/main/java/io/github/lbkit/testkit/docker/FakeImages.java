package io.github.lbkit.testkit.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The images that an engine has, and those that it could pull. Thread-safe. */
public final class FakeImages {
    private static final int SHORTEST_ID = 4;

    private final EngineCore core;

    /** By name and tag; guarded by the engine's lock, as is all below. */
    private final Map<String, Image> images = new LinkedHashMap<>();

    /** Images whose last name went to another image: still there, by their ids. */
    private final List<Image> nameless = new ArrayList<>();

    private final Map<String, ContainerBehaviour> pullable = new LinkedHashMap<>();

    record Image(String id, Map<String, String> labels, ContainerBehaviour behaviour) {}

    FakeImages(EngineCore core) {
        this.core = core;
    }

    /** The engine has this image, whose containers serve. */
    public void add(String name) {
        add(name, ContainerBehaviour.SERVES);
    }

    /** The engine has this image, whose containers behave like this. */
    public void add(String name, ContainerBehaviour behaviour) {
        core.run(() -> put(name, Map.of(), behaviour));
    }

    /** The engine could pull this image. */
    public void offer(String name) {
        core.run(() -> pullable.put(full(name), ContainerBehaviour.SERVES));
    }

    /** The engine has this image no more, under whatever name or id; containers that run are not touched. */
    public void remove(String name) {
        core.run(() -> find(name).ifPresent(this::remove));
    }

    /** The id of the image of this name. */
    public String id(String name) {
        return core.call(() -> image(name).id());
    }

    /** Gives an image, named or by its id, a further name, which it takes from another image if one has it. */
    public void retag(String subject, String name) {
        core.run(() -> tag(subject, name));
    }

    /** The names of all images that the engine has, with their tags. */
    public Set<String> names() {
        return core.call(() -> new TreeSet<>(images.keySet()));
    }

    Image put(String name, Map<String, String> labels, ContainerBehaviour behaviour) {
        Image image = new Image("sha256:" + core.newId(), labels, behaviour);
        name(image, name);
        return image;
    }

    /** Gives an image a further name. */
    void tag(String subject, String name) {
        name(image(subject), name);
    }

    private void name(Image image, String name) {
        Image before = images.put(full(name), image);
        nameless.remove(image);
        if (before != null && !images.containsValue(before)) {
            nameless.add(before);
        }
    }

    /** Forgets an image and all of its names. */
    void remove(Image image) {
        images.values().removeIf(image::equals);
        nameless.remove(image);
    }

    boolean pull(String name) {
        ContainerBehaviour behaviour = pullable.get(full(name));
        if (behaviour == null) {
            return false;
        }
        put(name, Map.of(), behaviour);
        return true;
    }

    Image image(String subject) {
        return find(subject).orElseThrow(() -> new EngineError(404, "No such image: " + full(subject)));
    }

    private Optional<Image> find(String subject) {
        Image named = images.get(full(subject));
        return named != null
                ? Optional.of(named)
                : Stream.concat(images.values().stream(), nameless.stream())
                        .filter(one -> one.id().equals(subject)
                                || (subject.length() >= SHORTEST_ID && one.id().startsWith("sha256:" + subject)))
                        .findFirst();
    }

    Map<String, Image> all() {
        return images;
    }

    private static String full(String name) {
        return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":latest" : name;
    }
}
