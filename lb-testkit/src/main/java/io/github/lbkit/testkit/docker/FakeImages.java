package io.github.lbkit.testkit.docker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The images that an engine has, and those that it could pull. Thread-safe. */
public final class FakeImages {
    private static final int SHORTEST_ID = 4;

    private final EngineCore core;

    /** By name and tag; guarded by the engine's lock, as is all below. */
    private final Map<String, Image> images = new LinkedHashMap<>();

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

    /** The engine has this image no more; containers that run are not touched. */
    public void remove(String name) {
        core.run(() -> images.remove(full(name)));
    }

    /** The names of all images that the engine has, with their tags. */
    public Set<String> names() {
        return core.call(() -> new TreeSet<>(images.keySet()));
    }

    Image put(String name, Map<String, String> labels, ContainerBehaviour behaviour) {
        Image image = new Image("sha256:" + core.newId(), labels, behaviour);
        images.put(full(name), image);
        return image;
    }

    /** Gives an image a further name. */
    void tag(String subject, String name) {
        images.put(full(name), image(subject));
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
        return images.entrySet().stream()
                .filter(one -> one.getKey().equals(full(subject))
                        || one.getValue().id().equals(subject)
                        || (subject.length() >= SHORTEST_ID
                                && one.getValue().id().startsWith("sha256:" + subject)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new EngineError(404, "No such image: " + full(subject)));
    }

    Map<String, Image> all() {
        return images;
    }

    private static String full(String name) {
        return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":latest" : name;
    }
}
