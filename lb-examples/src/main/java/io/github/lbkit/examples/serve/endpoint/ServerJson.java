package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.ServerHealth;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.docker.DockerServerPool;
import io.github.lbkit.examples.condition.ServerCondition;
import io.github.lbkit.examples.condition.ServerConditions;
import io.github.lbkit.examples.secret.Secrets;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The JSON of one server, as the endpoints answer it. Immutable. */
public final class ServerJson {
    private final LoadBalancer balancer;
    private final ServerConditions conditions;
    private final Secrets secrets;

    /**
     * Creates a writer for the servers of a balancer.
     *
     * @param conditions must listen to the balancer
     */
    public ServerJson(LoadBalancer balancer, ServerConditions conditions, Secrets secrets) {
        this.balancer = balancer;
        this.conditions = conditions;
        this.secrets = secrets;
    }

    /** Writes everything that is known of a server. */
    public void writeStatus(JsonGenerator json, ServerStatus status) throws IOException {
        Server server = status.server();
        json.writeStartObject();
        json.writeStringField("id", server.id());
        json.writeNumberField("weight", server.weight());
        json.writeStringField("state", server.state().name());
        json.writeStringField("override", status.operator().name());
        writeCondition(json, conditions.of(status));
        writeHealth(json, status.health());
        json.writeNumberField("inFlight", status.inFlight());
        json.writeNumberField("latencyMicros", status.latencyNanos() / 1_000);
        if (server.instance().isPresent()) {
            writeInstance(json, server.instance().get());
            writeSpecification(json, server.id());
        }
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : new TreeMap<>(server.labels()).entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Writes the id, the state and the instance of a desired server; a server without membership is starting. */
    public static void writeDesired(JsonGenerator json, String id, Optional<Server> server) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("state", server.map(s -> s.state().name()).orElse(Server.State.STARTING.name()));
        Optional<Instance> instance = server.flatMap(Server::instance);
        if (instance.isPresent()) {
            writeInstance(json, instance.get());
        }
        json.writeEndObject();
    }

    /** Writes the id and the condition of a server that is not fit. */
    public static void writeUnfit(JsonGenerator json, String id, ServerCondition condition) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        writeCondition(json, condition);
        json.writeEndObject();
    }

    private static void writeCondition(JsonGenerator json, ServerCondition condition) throws IOException {
        json.writeStringField("fitness", condition.kind().text());
        json.writeStringField("reason", condition.reason());
    }

    private static void writeInstance(JsonGenerator json, Instance instance) throws IOException {
        json.writeStringField("instance", instance.name());
        json.writeNumberField("generation", instance.generation());
        json.writeStringField("address", instance.address().place());
    }

    /** Writes the specification of the instance; servers with different specifications show an incomplete rollout. */
    private void writeSpecification(JsonGenerator json, String id) throws IOException {
        if (!(balancer.pool() instanceof RollingPool rolling)) {
            return;
        }
        String spec = rolling.specs().get(id);
        if (spec != null) {
            json.writeStringField("spec", spec);
        }
        String image = rolling instanceof DockerServerPool containers
                ? containers.imageIds().get(id)
                : null;
        if (image != null) {
            json.writeStringField("imageId", image);
        }
    }

    private void writeHealth(JsonGenerator json, ServerHealth health) throws IOException {
        json.writeBooleanField("pickable", health.isPickable());
        if (health.skipped().isPresent()) {
            json.writeStringField("skipped", health.skipped().get().name());
        }
        if (health.unhealthy().isPresent()) {
            json.writeStringField("unhealthy", secrets.hide(health.unhealthy().get()));
        }
        if (health.ejected().isPresent()) {
            json.writeObjectFieldStart("ejected");
            json.writeStringField("reason", health.ejected().get().name());
            json.writeNumberField("millisLeft", health.ejectedFor().toMillis());
            json.writeEndObject();
        }
    }
}
