package io.github.lbkit.docker.internal;

import io.github.lbkit.api.pool.process.ProcessEnd;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.docker.EngineException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The engine's containers, as far as one pool's are concerned. Thread-safe; every method blocks. */
final class Containers {
    /** A loaded engine takes its time to make a container. */
    private static final Duration MAKING = Duration.ofSeconds(30);

    private final Engine engine;
    private final String pool;

    /** Containers that Podman was asked about, and that have no health check. */
    private final Set<String> withoutCheck = ConcurrentHashMap.newKeySet();

    Containers(Engine engine, String pool) {
        this.engine = engine;
        this.pool = pool;
    }

    /** All that a pool of this name has launched, also by other processes. */
    List<Container> list() {
        String filters = Json.of(Map.of("label", List.of(Labels.POOL + "=" + pool, Labels.GENERATION)))
                .toString();
        String path = "/containers/json?all=1&filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
        List<Container> containers = new ArrayList<>();
        Json all = engine.ask(EngineCall.get(path));
        withoutCheck.retainAll(
                all.elements().stream().map(listed -> listed.at("Id").text("")).toList());
        for (Json listed : all.elements()) {
            Container.of(listed).map(this::withHealth).ifPresent(containers::add);
        }
        return containers;
    }

    /** Podman's list does not say what health checks say: there, containers that run are inspected. */
    private Container withHealth(Container listed) {
        if (!engine.isPodman() || !listed.state().equals("running") || withoutCheck.contains(listed.id())) {
            return listed;
        }
        String health = inspect(listed.id()).map(Container::inspectedHealth).orElse("");
        if (health.isEmpty()) {
            withoutCheck.add(listed.id());
        }
        return listed.withHealth(health);
    }

    /**
     * Makes a container, which does not run yet.
     *
     * @return its id
     */
    String create(ContainerSpec spec, LaunchRequest request, String creator) {
        String name = spec.containerName(request);
        EngineCall create = EngineCall.post("/containers/create?name=" + name, spec.body(request, creator))
                .within(MAKING);
        try {
            return engine.ask(create)
                    .at("Id")
                    .text()
                    .orElseThrow(
                            () -> new EngineException.Failed("the engine made " + name + " and did not say its id"));
        } catch (EngineException.Conflict e) {
            return mine(name, request, creator).orElseThrow(() -> e);
        }
    }

    /** The container of this name, if it is this very request's: a call that was sent twice finds what it has made. */
    private Optional<String> mine(String name, LaunchRequest request, String creator) {
        Json inspected = inspect(name).orElse(Json.ABSENT);
        Map<String, String> labels = inspected.at("Config", "Labels").texts();
        boolean mine = String.valueOf(request.generation()).equals(labels.get(Labels.GENERATION))
                && pool.equals(labels.get(Labels.POOL))
                && creator.equals(labels.get(Labels.CREATOR))
                && inspected.at("State", "Status").text("").equals("created");
        return mine ? inspected.at("Id").text() : Optional.empty();
    }

    void start(String container) {
        engine.bytes(EngineCall.post("/containers/" + container + "/start").within(MAKING));
    }

    Optional<Json> inspect(String container) {
        try {
            return Optional.of(engine.ask(EngineCall.get("/containers/" + container + "/json")));
        } catch (EngineException.NotFound gone) {
            return Optional.empty();
        }
    }

    /** Asks the process to stop; false if there is nothing to ask. */
    boolean askToStop(String container) {
        Json inspected = inspect(container).orElse(Json.ABSENT);
        Json state = inspected.at("State");
        if (!state.at("Running").truth(false) || state.at("Paused").truth(false)) {
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

    boolean runs(String container) {
        return inspect(container)
                .map(inspected -> inspected.at("State", "Running").truth(false))
                .orElse(false);
    }

    /** Kills and removes; false if someone else is removing it already, and it is not gone yet. */
    boolean remove(String container) {
        try {
            engine.bytes(EngineCall.delete("/containers/" + container + "?force=1&v=1")
                    .within(MAKING));
            return true;
        } catch (EngineException.NotFound gone) {
            return true;
        } catch (EngineException.Conflict underWay) {
            return inspect(container).isEmpty();
        }
    }

    /** How a container that does not run has ended, in words, with the last lines that it wrote. */
    String ending(String container, Json inspected) {
        Json state = inspected.at("State");
        String words = ending(
                String.valueOf(state.at("ExitCode").number(-1)),
                state.at("OOMKilled").truth(false));
        String error = state.at("Error").text("");
        return words + (error.isEmpty() ? "" : ", " + error) + lastWords(container);
    }

    static String ending(String exitCode, boolean outOfMemory) {
        String code = exitCode.matches("\\d{1,3}") ? ProcessEnd.code(Integer.parseInt(exitCode)) : exitCode;
        return "exited with code " + code + (outOfMemory ? ", out of memory" : "");
    }

    private String lastWords(String container) {
        byte[] log;
        try {
            log = engine.bytes(
                    EngineCall.get("/containers/" + container + "/logs?stdout=1&stderr=1&tail=" + ProcessEnd.LINES));
        } catch (EngineException noLog) {
            return "";
        }
        String lines = ProcessEnd.lastLines(new LogFrames(log).text());
        return lines.isEmpty() ? "" : ", its output ends with " + lines;
    }
}
