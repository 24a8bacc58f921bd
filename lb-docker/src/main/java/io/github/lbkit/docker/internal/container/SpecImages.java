package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.pool.supervised.Launched;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Knows which image each spec of one pool means, and what listed containers were made of. The name of an image is resolved
 * once for each spec; afterwards containers are made of that image, and a container of the same spec with another image is
 * reported under another hash. Thread-safe; {@link #resolved} and {@link #image} block.
 */
final class SpecImages {
    private static final String DIGEST = "sha256:";
    private static final int HANDLE = 12;

    private final Images images;
    private final ContainerSpec spec;

    /** The id of each spec's image by the spec's hash; guarded by this. */
    private final Map<String, String> imageIds = new HashMap<>();

    SpecImages(Images images, ContainerSpec spec) {
        this.images = images;
        this.spec = spec;
    }

    /**
     * The spec with the id of its image.
     *
     * @throws io.github.lbkit.docker.EngineException.NotFound if the name is resolved for the first time and there is no
     *     such image
     */
    ContainerSpec resolved(ContainerSpec of) {
        if (of.options().imageId().isPresent()) {
            return of;
        }
        synchronized (this) {
            String known = imageIds.get(of.hash());
            if (known != null) {
                return of.of(known);
            }
        }
        String id = images.resolved(of.options(), false).imageId().orElseThrow();
        synchronized (this) {
            imageIds.putIfAbsent(of.hash(), id);
            return of.of(imageIds.getOrDefault(of.hash(), id));
        }
    }

    /** The id of the pool's own spec's image; empty if there is none. */
    String image() {
        Optional<String> pinned = spec.options().imageId();
        if (pinned.isPresent()) {
            return pinned.get();
        }
        synchronized (this) {
            String known = imageIds.get(spec.hash());
            if (known != null) {
                return known;
            }
        }
        Optional<String> id = images.id(spec.options().image());
        synchronized (this) {
            id.ifPresent(found -> imageIds.putIfAbsent(spec.hash(), found));
            return imageIds.getOrDefault(spec.hash(), "");
        }
    }

    /**
     * The container as a pool knows it.
     *
     * @param image as {@link #image} has told
     */
    Launched launched(Container container, String image) {
        // what is no digest is the name that it was made by, and says nothing of what stands behind it
        boolean moved = image.startsWith(DIGEST)
                && container.image().startsWith(DIGEST)
                && container.spec().equals(spec.hash())
                && !container.image().equals(image);
        String hash = moved ? container.spec() + " of image " + container.image() : container.spec();
        boolean ran = container.serves()
                || (container.state().equals("running") && container.health().equals("unhealthy"));
        return ran && container.address().isPresent()
                ? Launched.at(container.address().get(), container.request(), hash, handle(container.id()))
                : Launched.halfMade(container.request(), hash, handle(container.id()));
    }

    /** The container's id as people know it. */
    static String handle(String container) {
        return container.substring(0, Math.min(HANDLE, container.length()));
    }
}
