package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.pool.process.ProcessEnd;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The engine calls for the containers of one pool. Thread-safe; every method blocks. */
final class Containers {
    /** The timeout of calls that create, start or remove a container, which are slow on a loaded engine. */
    private static final Duration SLOW_CALL = Duration.ofSeconds(30);

    private final Engine engine;
    private final String pool;

    /** The ids of Podman's containers that are known to have no health check. */
    private final Set<String> withoutHealthCheck = ConcurrentHashMap.newKeySet();

    Containers(Engine engine, String pool) {
        this.engine = engine;
        this.pool = pool;
    }

    /** Returns all containers that a pool of this name has launched, including those of other processes. */
    List<Container> list() {
        List<Container> containers = new ArrayList<>();
        Json all = engine.ask(EngineCall.list(
                "/containers/json?all=1", Map.of("label", List.of(Labels.POOL + "=" + pool, Labels.GENERATION))));
        withoutHealthCheck.retainAll(
                all.elements().stream().map(listed -> listed.at("Id").text("")).toList());
        for (Json listed : all.elements()) {
            Container.of(listed).map(this::withHealth).ifPresent(containers::add);
        }
        return containers;
    }

    /** Adds the health of a running container if the engine is Podman, whose list lacks it. */
    private Container withHealth(Container listed) {
        if (!engine.isPodman() || !listed.state().equals("running") || withoutHealthCheck.contains(listed.id())) {
            return listed;
        }
        String health = inspect(listed.id()).map(Container::inspectedHealth).orElse("");
        if (health.isEmpty()) {
            withoutHealthCheck.add(listed.id());
        }
        return listed.withHealth(health);
    }

    /**
     * Creates a container without starting it.
     *
     * @return the container's id
     */
    String create(ContainerSpec spec, LaunchRequest request, String creator) {
        String name = spec.containerName(request);
        EngineCall create = EngineCall.post("/containers/create?name=" + name, spec.createBody(request, creator))
                .withTimeout(SLOW_CALL);
        try {
            return engine.ask(create)
                    .at("Id")
                    .text()
                    .orElseThrow(
                            () -> new EngineException.Failed("the engine created " + name + " and returned no id"));
        } catch (EngineException.Conflict e) {
            return createdBefore(name, request, creator).orElseThrow(() -> e);
        }
    }

    /** Returns the id of the container if an earlier sending of this very request has created it. */
    private Optional<String> createdBefore(String name, LaunchRequest request, String creator) {
        Json inspected = inspect(name).orElse(Json.ABSENT);
        Map<String, String> labels = inspected.at("Config", "Labels").texts();
        boolean created = String.valueOf(request.generation()).equals(labels.get(Labels.GENERATION))
                && pool.equals(labels.get(Labels.POOL))
                && creator.equals(labels.get(Labels.CREATOR))
                && inspected.at("State", "Status").text("").equals("created");
        return created ? inspected.at("Id").text() : Optional.empty();
    }

    void start(String container) {
        engine.bytes(EngineCall.post("/containers/" + container + "/start").withTimeout(SLOW_CALL));
    }

    /** Returns the engine's description of a container; empty if there is no such container. */
    Optional<Json> inspect(String container) {
        try {
            return Optional.of(engine.ask(EngineCall.get("/containers/" + container + "/json")));
        } catch (EngineException.NotFound gone) {
            return Optional.empty();
        }
    }

    /** Sends the stop signal to the container's process; returns false if the process does not run. */
    boolean signalStop(String container) {
        Json inspected = inspect(container).orElse(Json.ABSENT);
        Json state = inspected.at("State");
        if (!state.at("Running").bool(false) || state.at("Paused").bool(false)) {
            return false;
        }
        String signal = inspected.at("Config", "StopSignal").text("SIGTERM");
        try {
            engine.bytes(EngineCall.post(
                    "/containers/" + container + "/kill?signal=" + (signal.isEmpty() ? "SIGTERM" : signal)));
            return true;
        } catch (EngineException.NotFound | EngineException.Conflict ended) {
            return false;
        }
    }

    boolean isRunning(String container) {
        return inspect(container)
                .map(inspected -> inspected.at("State", "Running").bool(false))
                .orElse(false);
    }

    /** Kills and removes a container; returns false if another removal is under way and not complete. */
    boolean remove(String container) {
        try {
            engine.bytes(EngineCall.delete("/containers/" + container + "?force=1&v=1")
                    .withTimeout(SLOW_CALL));
            return true;
        } catch (EngineException.NotFound gone) {
            return true;
        } catch (EngineException.Conflict underWay) {
            return inspect(container).isEmpty();
        }
    }

    /** Describes the end of a container that does not run, with the last lines of its output. */
    String describeEnd(String container, Json inspected) {
        Json state = inspected.at("State");
        String exit = describeExit(
                String.valueOf(state.at("ExitCode").number(-1)),
                state.at("OOMKilled").bool(false));
        String error = state.at("Error").text("");
        return exit + (error.isEmpty() ? "" : ", " + error) + lastOutput(container);
    }

    /** Describes an exit code. */
    static String describeExit(String exitCode, boolean outOfMemory) {
        String code = exitCode.matches("\\d{1,3}") ? ProcessEnd.code(Integer.parseInt(exitCode)) : exitCode;
        return "exited with code " + code + (outOfMemory ? ", out of memory" : "");
    }

    private String lastOutput(String container) {
        byte[] log;
        try {
            log = engine.bytes(
                    EngineCall.get("/containers/" + container + "/logs?stdout=1&stderr=1&tail=" + ProcessEnd.LINES));
        } catch (EngineException noLog) {
            return "";
        }
        String lines = ProcessEnd.lastLines(new ContainerOutput(log).text());
        return lines.isEmpty() ? "" : ", its output ends with " + lines;
    }
}
