package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.Plan;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The reserved paths of the admin listener, and of the traffic listener if wanted: who serves, adding, removing, the graph. */
public final class SeedEndpoints implements AutoCloseable {
    private final LoadBalancer balancer;
    private final Scheduler scheduler;
    private final Endpoint graph;
    private final Secrets secrets;

    /** Endpoints over the balancer's pool; the graph shows these counts, which must be the balancer's. */
    public SeedEndpoints(LoadBalancer balancer, RequestCounts counts, Secrets secrets, Runtimes runtimes) {
        scheduler = runtimes.scheduler("graph");
        graph = Endpoint.get(new PerformanceGraph(counts, this::desired, scheduler));
        this.secrets = secrets;
        this.balancer = balancer;
    }

    /** Ends the thread that draws the graph. */
    @Override
    public void close() {
        scheduler.close();
    }

    /** The handlers by raw path. */
    public Map<String, LocalHandler> handlers() {
        Map<String, LocalHandler> handlers = new LinkedHashMap<>();
        handlers.put("/rep", Endpoint.get(this::replicas));
        handlers.put("/add", Endpoint.of("POST", request -> change(request, true)));
        handlers.put("/rm", Endpoint.of("DELETE", request -> change(request, false)));
        handlers.put("/performancegraph", graph);
        handlers.put("/performance_graph", graph);
        return handlers;
    }

    private LocalResponse replicas(LocalRequest request) throws Refusal {
        boolean verbose = Query.of(request.head(), Set.of("verbose")).flag("verbose");
        return Json.message(200, json -> writeReplicas(json, desired(), verbose));
    }

    private LocalResponse change(LocalRequest request, boolean adding) throws Refusal, InterruptedException {
        boolean dryRun = Query.of(request.head(), Set.of("dryRun")).flag("dryRun");
        ChangeBody asked = ChangeBody.of(request);
        if (!(balancer.pool() instanceof ManagedServerPool pool)) {
            throw new Refusal(
                    409,
                    "the servers of pool '" + balancer.pool().name() + "' are fixed; none can be added or removed");
        }
        if (dryRun) {
            MembershipChange change = await(pool.preview(adding, asked.count(), asked.ids()), adding);
            return planned(pool, change);
        }
        PoolChange change =
                await(adding ? pool.add(asked.count(), asked.ids()) : pool.remove(asked.count(), asked.ids()), adding);
        return Json.message(change.complete() ? 200 : 503, json -> {
            writeReplicas(json, change.desired(), false);
            if (!change.complete()) {
                json.writeArrayFieldStart("failed");
                for (PoolChange.ServerChange failed : change.failed()) {
                    json.writeStartObject();
                    json.writeStringField("id", failed.id());
                    json.writeStringField("reason", secrets.hide(failed.detail()));
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
    }

    private LocalResponse planned(ManagedServerPool pool, MembershipChange change) throws Refusal {
        Plan plan;
        try {
            plan = balancer.plan(change);
        } catch (IllegalArgumentException noRoom) {
            throw new Refusal(400, String.valueOf(noRoom.getMessage()));
        }
        List<String> after = new java.util.ArrayList<>(pool.desired());
        after.removeAll(change.removed());
        change.put().forEach(m -> after.add(m.id()));
        return Json.message(200, json -> {
            writeReplicas(json, after, false);
            PlanJson.write(json, plan);
        });
    }

    private static <T> T await(CompletionStage<T> stage, boolean adding) throws Refusal, InterruptedException {
        return PoolChanges.await(stage, refused -> refusal(refused, adding));
    }

    private static Refusal refusal(PoolChangeRefusedException refused, boolean adding) {
        return switch (refused.reason()) {
            case MORE_IDS_THAN_SERVERS ->
                new Refusal(
                        400,
                        "Length of hostname list is more than "
                                + (adding ? "newly added instances" : "removable instances"));
            case CLOSED -> new Refusal(503, "the balancer is stopping");
            default -> new Refusal(400, String.valueOf(refused.getMessage()));
        };
    }

    private List<String> desired() {
        if (balancer.pool() instanceof ManagedServerPool pool) {
            return pool.desired();
        }
        return balancer.pool().membership().servers().stream()
                .filter(s -> s.state() != Server.State.DRAINING)
                .map(Server::id)
                .toList();
    }

    private void writeReplicas(JsonGenerator json, List<String> ids, boolean verbose) throws IOException {
        json.writeNumberField("N", ids.size());
        json.writeArrayFieldStart("replicas");
        for (String id : ids) {
            json.writeString(id);
        }
        json.writeEndArray();
        if (verbose) {
            Membership membership = balancer.pool().membership();
            json.writeArrayFieldStart("servers");
            for (String id : ids) {
                writeServer(json, id, membership.server(id));
            }
            json.writeEndArray();
        }
    }

    private static void writeServer(JsonGenerator json, String id, Optional<Server> server) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("state", server.map(s -> s.state().name()).orElse(Server.State.STARTING.name()));
        Optional<Instance> instance = server.flatMap(Server::instance);
        if (instance.isPresent()) {
            json.writeStringField("instance", instance.get().name());
            json.writeNumberField("generation", instance.get().generation());
            json.writeStringField("address", instance.get().address().authority());
        }
        json.writeEndObject();
    }
}
