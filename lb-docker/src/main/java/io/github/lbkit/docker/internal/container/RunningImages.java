package io.github.lbkit.docker.internal.container;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of one pool's running containers. More than one image means that a rollout is under way or has stopped;
 * each change of the set of images is logged once. Thread-safe.
 */
final class RunningImages {
    private static final Logger LOG = LoggerFactory.getLogger(RunningImages.class);
    private static final int SHORT_ID = 19;

    private final String pool;

    /** Written by {@link #update}, read by all. */
    private volatile Map<String, String> byServer = Map.of();

    /** The images at the previous update; guarded by this. */
    private TreeSet<String> previous = new TreeSet<>();

    RunningImages(String pool) {
        this.pool = pool;
    }

    /** Updates the images from the engine's list. */
    synchronized void update(List<Container> listed) {
        Map<String, Container> newest = new HashMap<>();
        for (Container container : listed) {
            if (container.serves()) {
                newest.merge(
                        container.request().id(),
                        container,
                        (a, b) -> a.request().generation() > b.request().generation() ? a : b);
            }
        }
        Map<String, String> images = new TreeMap<>();
        newest.forEach((id, container) -> images.put(id, container.image()));
        byServer = images;
        TreeSet<String> now = new TreeSet<>(images.values());
        if (now.size() > 1 && !now.equals(previous)) {
            LOG.info("pool {}: its containers use {} images: {}", pool, now.size(), describe(images));
        } else if (now.size() == 1 && previous.size() > 1) {
            LOG.info("pool {}: its containers use one image again: {}", pool, describe(images));
        }
        previous = now;
    }

    private static String describe(Map<String, String> images) {
        Map<String, List<String>> serversByImage = images.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, TreeMap::new, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return serversByImage.entrySet().stream()
                .map(entry -> shortId(entry.getKey()) + " (" + String.join(", ", entry.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String shortId(String image) {
        return image.substring(0, Math.min(SHORT_ID, image.length()));
    }

    /** Returns the image id of each server's newest container by the server's id. */
    Map<String, String> byServer() {
        return byServer;
    }
}
