package io.github.lbkit.docker.real;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.EngineFinder;
import io.github.lbkit.docker.internal.engine.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The machine's engine for tests. Objects that tests create have the label {@value #RUN_LABEL} with the value of this
 * run. They are removed after each class and when the process ends.
 */
public final class RealEngine {
    /** The label of all that tests make. */
    public static final String RUN_LABEL = "lb.test.run";

    /** This run's value of it. */
    public static final String RUN = UUID.randomUUID().toString();

    private static final Engine ENGINE =
            Engine.open(EngineFinder.ofThisProcess().find(), Runtimes.system(), "test-engine");

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(RealEngine::removeLeftovers, "test-leftovers"));
    }

    private RealEngine() {}

    /** For tests' own calls; nobody closes it. */
    public static Engine engine() {
        return ENGINE;
    }

    static String version() {
        return ENGINE.apiVersion();
    }

    /** The labels of what a test makes. */
    public static Map<String, String> labels() {
        return Map.of(RUN_LABEL, RUN);
    }

    /** The ids of the containers with this label, running or not. */
    public static List<String> containers(String label) {
        return ids("/containers/json?all=1&filters=", label);
    }

    private static List<String> ids(String listing, String label) {
        List<String> ids = new ArrayList<>();
        String filters = Json.of(Map.of("label", List.of(label))).toString();
        EngineCall list = EngineCall.get(listing + URLEncoder.encode(filters, StandardCharsets.UTF_8));
        ENGINE.ask(list).elements().forEach(one -> one.at("Id").text().ifPresent(ids::add));
        return ids;
    }

    /** The content of a file in the container that is the lease of this pool; empty if there is none. */
    public static String leaseFile(String pool, String file) {
        try {
            byte[] tar = ENGINE.bytes(EngineCall.get("/containers/lbkit-lease." + pool + "/archive?path=/" + file));
            return new String(tar, 512, tar.length - 512, StandardCharsets.UTF_8).replaceFirst("\0[\\s\\S]*", "");
        } catch (EngineException.NotFound none) {
            return "";
        }
    }

    /** Kills the container, as {@code docker kill} does. */
    public static void kill(String container) {
        ENGINE.bytes(EngineCall.post("/containers/" + container + "/kill"));
    }

    /** Removes the container, as {@code docker rm -f} does. */
    public static void remove(String container) {
        try {
            ENGINE.bytes(EngineCall.delete("/containers/" + container + "?force=1&v=1")
                    .withTimeout(Duration.ofSeconds(30)));
        } catch (EngineException.NotFound | EngineException.Conflict gone) {
            // it is gone, or someone else is removing it
        }
    }

    static void removeLeftovers() {
        try {
            containers(RUN_LABEL + "=" + RUN).forEach(RealEngine::remove);
            ids("/images/json?filters=", RUN_LABEL + "=" + RUN)
                    .forEach(id -> ENGINE.bytes(EngineCall.delete("/images/" + id + "?force=1")));
        } catch (EngineException e) {
            System.err.println("what the tests made could not be removed: " + e.getMessage());
        }
    }
}
