package io.github.lbkit.examples.serve.endpoint.reserved;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.examples.serve.endpoint.PlanJson;
import io.github.lbkit.examples.serve.endpoint.PoolChanges;
import io.github.lbkit.examples.serve.endpoint.Query;
import io.github.lbkit.examples.serve.endpoint.Refusal;
import io.github.lbkit.examples.serve.endpoint.ServerJson;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The endpoints of the reserved paths: the list of servers, adding and removing servers, and the performance graph. */
public final class ReservedEndpoints implements AutoCloseable {
    private final LoadBalancer balancer;
    private final Scheduler scheduler;
    private final Endpoint graph;
    private final Secrets secrets;

    /** Creates the endpoints of a balancer; the graph shows these counts, which must listen to the balancer. */
    public ReservedEndpoints(LoadBalancer balancer, RequestCounts counts, Secrets secrets, Runtimes runtimes) {
        scheduler = runtimes.scheduler("graph");
        graph = Endpoint.get(new PerformanceGraph(counts, this::desired, scheduler));
        this.secrets = secrets;
        this.balancer = balancer;
    }

    /** Stops the thread that draws the graph. */
    @Override
    public void close() {
        scheduler.close();
    }

    /** Returns the handlers by raw path. */
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
        return JsonResponse.message(200, json -> writeReplicas(json, desired(), verbose));
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
        return JsonResponse.message(change.complete() ? 200 : 503, json -> {
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
        List<String> after = new ArrayList<>(pool.desired());
        after.removeAll(change.removed());
        change.put().forEach(m -> after.add(m.id()));
        return JsonResponse.message(200, json -> {
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
                ServerJson.writeDesired(json, id, membership.server(id));
            }
            json.writeEndArray();
        }
    }
}
