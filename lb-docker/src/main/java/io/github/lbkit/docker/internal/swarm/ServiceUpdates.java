package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Updates of a service's specification. Each update changes the manager's current specification. If another client has
 * changed it in between, the manager refuses the update ("update out of sequence") and it is repeated with the new
 * specification. Every method blocks. Thread-safe.
 */
final class ServiceUpdates {
    private static final int MAX_ATTEMPTS = 20;
    private static final String OUT_OF_SEQUENCE = "out of sequence";

    /** The label of a service that identifies its last update. */
    private static final String UPDATE_ID = "lbkit.change";

    private final Engine engine;
    private final SwarmOptions options;

    ServiceUpdates(Engine engine, SwarmOptions options) {
        this.engine = engine;
        this.options = options;
    }

    /** Returns the desired number of replicas. */
    long replicas() {
        return replicas(read());
    }

    /** Adds this number of replicas; a negative number removes replicas. */
    void add(int count) {
        change(spec -> {
            long wanted = Math.max(0, replicas(spec) + count);
            return spec.with(wanted, "Mode", "Replicated", "Replicas");
        });
    }

    /** Replaces all tasks of the service. */
    void forceUpdate() {
        change(spec -> spec.with(spec.at("TaskTemplate", "ForceUpdate").number(0) + 1, "TaskTemplate", "ForceUpdate"));
    }

    private void change(UnaryOperator<Json> change) {
        String updateId = UUID.randomUUID().toString();
        for (int attempt = 1; ; attempt++) {
            Json service = read();
            String path = "/services/" + service.at("ID").text(options.service()) + "/update?version="
                    + service.at("Version", "Index").number(0);
            Json changed = change.apply(service.at("Spec")).with(updateId, "Labels", UPDATE_ID);
            try {
                engine.bytes(EngineCall.post(path, changed).withTimeout(options.timeout()));
                return;
            } catch (EngineException.Failed e) {
                boolean outOfSequence = String.valueOf(e.getMessage()).contains(OUT_OF_SEQUENCE);
                if (!outOfSequence || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
                if (read().at("Spec", "Labels", UPDATE_ID).text("").equals(updateId)) {
                    return; // the update was sent twice because a connection broke, and the first sending has succeeded
                }
            }
        }
    }

    private Json read() {
        return engine.ask(EngineCall.get("/services/" + options.service()).withTimeout(options.timeout()));
    }

    private static long replicas(Json service) {
        Json spec = service.at("Spec").isPresent() ? service.at("Spec") : service;
        Json replicated = spec.at("Mode", "Replicated");
        if (!replicated.isPresent()) {
            throw new EngineException.Refused("service " + spec.at("Name").text("") + " is not replicated but "
                    + spec.at("Mode").fields().keySet() + "; it has a task on each node and cannot be scaled");
        }
        return replicated.at("Replicas").number(1);
    }
}
