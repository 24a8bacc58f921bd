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
 * Tells which images the running containers of one pool are made of. A pool with more than one is in the middle of a rollout,
 * or a rollout has stopped; the log says so once each time that the set of images changes. Thread-safe.
 */
final class RunningImages {
    private static final Logger LOG = LoggerFactory.getLogger(RunningImages.class);
    private static final int SHORT = 19;

    private final String pool;

    /** Written by {@link #look}, read by all. */
    private volatile Map<String, String> byServer = Map.of();

    /** The images of the last look; guarded by this. */
    private TreeSet<String> before = new TreeSet<>();

    RunningImages(String pool) {
        this.pool = pool;
    }

    /** Notes what the engine's list says. */
    synchronized void look(List<Container> listed) {
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
        if (now.size() > 1 && !now.equals(before)) {
            LOG.info("pool {}: its containers are made of {} images: {}", pool, now.size(), told(images));
        } else if (now.size() == 1 && before.size() > 1) {
            LOG.info("pool {}: its containers are made of one image again: {}", pool, told(images));
        }
        before = now;
    }

    private static String told(Map<String, String> images) {
        Map<String, List<String>> servers = images.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, TreeMap::new, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return servers.entrySet().stream()
                .map(one ->
                        one.getKey().substring(0, Math.min(SHORT, one.getKey().length())) + " ("
                                + String.join(", ", one.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }

    /** The id of the image of each server's newest container, by the server's id. */
    Map<String, String> byServer() {
        return byServer;
    }
}
