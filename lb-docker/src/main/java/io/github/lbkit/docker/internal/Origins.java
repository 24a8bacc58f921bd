package io.github.lbkit.docker.internal;

import io.github.lbkit.api.pool.Launched;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What listed containers were made of: the spec that their label names, unless the tag of its image has moved since. Thread-safe;
 * {@link #image} blocks.
 */
final class Origins {
    private static final String DIGEST = "sha256:";
    private static final int HANDLE = 12;

    private final Images images;
    private final ContainerSpec spec;

    /** The id of the spec's image when it was first found; guarded by this. */
    private @Nullable String imageId;

    Origins(Images images, ContainerSpec spec) {
        this.images = images;
        this.spec = spec;
    }

    /** The id of the spec's image; empty if there is none. A tag that was moved makes what runs another spec. */
    String image() {
        synchronized (this) {
            if (imageId != null) {
                return imageId;
            }
        }
        Optional<String> id = images.id(spec.options().image());
        synchronized (this) {
            imageId = id.orElse(null);
            return id.orElse("");
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
        return container.serves() && container.address().isPresent()
                ? Launched.at(container.address().get(), container.request(), hash, handle(container.id()))
                : Launched.halfMade(container.request(), hash, handle(container.id()));
    }

    /** The container's id as people know it. */
    static String handle(String container) {
        return container.substring(0, Math.min(HANDLE, container.length()));
    }
}
