package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The image ids of one pool's specs. The name of an image is resolved once for each spec, and all later containers of
 * the spec are created from that image. A listed container of the same spec with another image is reported under
 * another hash. Thread-safe; {@link #resolve} and {@link #currentImageId} block.
 */
final class SpecImages {
    private static final String DIGEST = "sha256:";
    private static final int SHORT_ID = 12;

    private final Images images;
    private final ContainerSpec spec;

    /** The id of each spec's image by the spec's hash; guarded by this. */
    private final Map<String, String> imageIds = new HashMap<>();

    SpecImages(Images images, ContainerSpec spec) {
        this.images = images;
        this.spec = spec;
    }

    /**
     * Returns the spec with the id of its image.
     *
     * @throws io.github.lbkit.docker.EngineException.NotFound if the name is resolved for the first time and the engine
     *     has no such image
     */
    ContainerSpec resolve(ContainerSpec wanted) {
        if (wanted.options().imageId().isPresent()) {
            return wanted;
        }
        synchronized (this) {
            String known = imageIds.get(wanted.hash());
            if (known != null) {
                return wanted.withImageId(known);
            }
        }
        String id = images.resolve(wanted.options(), false).imageId().orElseThrow();
        synchronized (this) {
            imageIds.putIfAbsent(wanted.hash(), id);
            return wanted.withImageId(imageIds.getOrDefault(wanted.hash(), id));
        }
    }

    /** Returns the image id of the pool's own spec; empty if the engine has no such image. */
    String currentImageId() {
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
     * Converts a listed container to the form of the launcher's contract.
     *
     * @param image the result of {@link #currentImageId}
     */
    LaunchedInstance toLaunched(Container container, String image) {
        // an image without a digest is only the name that the container was created from, and identifies no image
        boolean otherImage = image.startsWith(DIGEST)
                && container.image().startsWith(DIGEST)
                && container.spec().equals(spec.hash())
                && !container.image().equals(image);
        String hash = otherImage ? container.spec() + " of image " + container.image() : container.spec();
        boolean hasServed = container.serves()
                || (container.isRunning() && container.health().equals("unhealthy"));
        return hasServed && container.address().isPresent()
                ? LaunchedInstance.at(container.address().get(), container.request(), hash, shortId(container.id()))
                : LaunchedInstance.incomplete(container.request(), hash, shortId(container.id()));
    }

    /** Returns the first twelve digits of a container's id, the form that Docker's command line shows. */
    static String shortId(String container) {
        return container.substring(0, Math.min(SHORT_ID, container.length()));
    }
}
