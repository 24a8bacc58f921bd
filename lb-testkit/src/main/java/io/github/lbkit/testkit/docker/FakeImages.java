package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.container.EngineImages;
import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The images of a {@link FakeEngine}: those it has, and those it can pull. Thread-safe. */
public final class FakeImages {
    private final EngineContext context;
    private final EngineImages images;

    FakeImages(EngineContext context, EngineImages images) {
        this.context = context;
        this.images = images;
    }

    /** Adds an image whose containers serve. */
    public void add(String name) {
        add(name, ContainerBehaviour.SERVES);
    }

    /** Adds an image whose containers have this behaviour. */
    public void add(String name, ContainerBehaviour behaviour) {
        context.run(() -> {
            EngineImages.Image unused = images.put(name, Map.of(), behaviour.traits());
        });
    }

    /** Makes an image available to pull. */
    public void offer(String name) {
        context.run(() -> images.makePullable(name));
    }

    /** Removes an image, given by name or id, with all its names; its containers run on. */
    public void remove(String name) {
        context.run(() -> images.find(name).ifPresent(images::remove));
    }

    /** Returns the id of the image of this name. */
    public String id(String name) {
        return context.call(() -> images.image(name).id());
    }

    /** Adds a name to an image, given by name or id; the name is taken from the image that had it. */
    public void retag(String subject, String name) {
        context.run(() -> images.tag(subject, name));
    }

    /** Returns the names of all images with their tags, sorted. */
    public Set<String> names() {
        return context.call(() -> new TreeSet<>(images.all().keySet()));
    }
}
