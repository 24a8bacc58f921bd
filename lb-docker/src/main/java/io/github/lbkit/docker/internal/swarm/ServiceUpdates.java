package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Changes of a service's specification. Each is made to what the manager has now; if somebody else was faster, the manager
 * refuses it ("update out of sequence") and it is made anew to what there is then. Blocks. Thread-safe.
 */
final class ServiceUpdates {
    private static final int TRIES = 20;
    private static final String TOO_LATE = "out of sequence";

    /** The label of a service that names the change that was made last. */
    private static final String MARK = "lbkit.change";

    private final Engine engine;
    private final SwarmOptions options;

    ServiceUpdates(Engine engine, SwarmOptions options) {
        this.engine = engine;
        this.options = options;
    }

    /** How many replicas the service wants. */
    long replicas() {
        return replicas(read());
    }

    /** Wants so many more, or fewer. */
    void add(int count) {
        change(spec -> {
            long wanted = Math.max(0, replicas(spec) + count);
            return spec.with(wanted, "Mode", "Replicated", "Replicas");
        });
    }

    /** Wants all tasks to be made anew. */
    void forceUpdate() {
        change(spec -> spec.with(spec.at("TaskTemplate", "ForceUpdate").number(0) + 1, "TaskTemplate", "ForceUpdate"));
    }

    private void change(UnaryOperator<Json> change) {
        String mark = UUID.randomUUID().toString();
        for (int tries = 1; ; tries++) {
            Json service = read();
            String path = "/services/" + service.at("ID").text(options.service()) + "/update?version="
                    + service.at("Version", "Index").number(0);
            Json changed = change.apply(service.at("Spec")).with(mark, "Labels", MARK);
            try {
                engine.bytes(EngineCall.post(path, changed).within(options.timeout()));
                return;
            } catch (EngineException.Failed e) {
                boolean tooLate = String.valueOf(e.getMessage()).contains(TOO_LATE);
                if (!tooLate || tries == TRIES) {
                    throw e;
                }
                if (read().at("Spec", "Labels", MARK).text("").equals(mark)) {
                    return; // it was sent twice, over a connection that broke, and the first had come
                }
            }
        }
    }

    private Json read() {
        return engine.ask(EngineCall.get("/services/" + options.service()).within(options.timeout()));
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
