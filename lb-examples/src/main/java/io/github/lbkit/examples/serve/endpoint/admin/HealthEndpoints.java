package io.github.lbkit.examples.serve.endpoint.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.examples.condition.ServerCondition;
import io.github.lbkit.examples.condition.ServerConditions;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.examples.serve.endpoint.ServerJson;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The endpoints for orchestrators: {@code /health} for liveness, and {@code /ready} for readiness. */
public final class HealthEndpoints {
    /** The reasons that end when a request ends: load does not make the balancer unready. */
    private static final Set<SkipReason> LOAD =
            Set.of(SkipReason.AT_CAPACITY, SkipReason.OVERLOADED, SkipReason.POOL_AT_CAPACITY);

    private final LoadBalancer balancer;
    private final ServerConditions conditions;
    private final LoopCheck loops;
    private final BooleanSupplier stopping;

    /** A check of the event loops. */
    public interface LoopCheck {
        /** Returns the reason for each stalled loop, by the name of the loop; empty if no loop is stalled. */
        Map<String, String> stalled() throws InterruptedException;
    }

    /**
     * Creates the endpoints of a balancer.
     *
     * @param conditions must listen to the balancer
     * @param stopping whether a stop has begun; {@code /ready} fails then
     */
    public HealthEndpoints(
            LoadBalancer balancer, ServerConditions conditions, LoopCheck loops, BooleanSupplier stopping) {
        this.balancer = balancer;
        this.conditions = conditions;
        this.loops = loops;
        this.stopping = stopping;
    }

    /** Returns the handlers by raw path. */
    public Map<String, LocalHandler> handlers() {
        return Map.of("/health", Endpoint.get(request -> health()), "/ready", Endpoint.get(request -> ready()));
    }

    private LocalResponse health() throws InterruptedException {
        Map<String, String> stalled = loops.stalled();
        return JsonResponse.object(stalled.isEmpty() ? 200 : 503, json -> {
            json.writeStringField("status", stalled.isEmpty() ? "UP" : "DOWN");
            if (!stalled.isEmpty()) {
                json.writeObjectFieldStart("loops");
                for (Map.Entry<String, String> loop : stalled.entrySet()) {
                    json.writeStringField(loop.getKey(), loop.getValue());
                }
                json.writeEndObject();
            }
        });
    }

    /** A server with its condition. */
    private record Judged(ServerStatus status, ServerCondition condition) {}

    private List<Judged> servers() {
        return balancer.servers().stream()
                .map(status -> new Judged(status, conditions.of(status)))
                .toList();
    }

    /** Returns how many servers are fit, in words. */
    public String summary() {
        List<Judged> all = servers();
        return count(all, ServerCondition.Kind.FIT) + " of " + all.size() + " servers are fit";
    }

    private static long count(List<Judged> all, ServerCondition.Kind kind) {
        return all.stream().filter(one -> one.condition().kind() == kind).count();
    }

    /** Returns whether a request sent now would get a server, if load did not count. */
    private boolean serves(List<Judged> servers) {
        return balancer.explain(Key.none()).chosen().isPresent()
                || servers.stream()
                        .anyMatch(one -> one.status()
                                .health()
                                .skipped()
                                .filter(LOAD::contains)
                                .isPresent());
    }

    private LocalResponse ready() {
        List<Judged> servers = servers();
        boolean stops = stopping.getAsBoolean();
        boolean serves = !stops && serves(servers);
        return JsonResponse.object(serves ? 200 : 503, json -> {
            json.writeStringField("status", stops ? "STOPPING" : serves ? "READY" : "NOT_READY");
            json.writeNumberField(
                    "ready",
                    servers.stream()
                            .filter(one -> one.status().server().state() == Server.State.READY)
                            .count());
            json.writeNumberField("servers", servers.size());
            if (!serves) {
                json.writeStringField("reason", stops ? "the balancer is stopping" : reason(servers));
            }
            json.writeObjectFieldStart("counts");
            for (ServerCondition.Kind kind : ServerCondition.Kind.values()) {
                json.writeNumberField(kind.text(), count(servers, kind));
            }
            json.writeEndObject();
            json.writeBooleanField("failOpen", conditions.failOpen());
            writePool(json);
            writeUnfit(json, servers);
        });
    }

    private String reason(List<Judged> servers) {
        if (balancer.membership().version() == 0) {
            return "the pool does not know its servers yet";
        }
        return servers.isEmpty() ? "the pool has no servers" : "no server can take a request";
    }

    private void writePool(JsonGenerator json) throws IOException {
        ServerPool pool = balancer.pool();
        json.writeObjectFieldStart("pool");
        json.writeStringField("name", pool.name());
        json.writeNumberField(
                "desired",
                pool instanceof ManagedServerPool managed
                        ? managed.desired().size()
                        : pool.membership().servers().size());
        json.writeNumberField("membershipVersion", balancer.membership().version());
        json.writeNumberField("ageMillis", pool.age().toMillis());
        json.writeEndObject();
    }

    private void writeUnfit(JsonGenerator json, List<Judged> servers) throws IOException {
        json.writeArrayFieldStart("unfit");
        for (Judged one : servers) {
            if (one.condition().kind() != ServerCondition.Kind.FIT) {
                ServerJson.writeUnfit(json, one.status().server().id(), one.condition());
            }
        }
        json.writeEndArray();
    }
}
