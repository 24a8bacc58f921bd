package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.ServerStatus;
import io.github.lbkit.api.SkipReason;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The paths that orchestrators ask: {@code /health}, whether the process works, and {@code /ready}, whether it serves. */
public final class HealthEndpoints {
    /** Reasons that end when a request ends: a full server does not take the balancer out of rotation. */
    private static final Set<SkipReason> FULL =
            Set.of(SkipReason.AT_CAPACITY, SkipReason.OVERLOADED, SkipReason.POOL_AT_CAPACITY);

    private final LoadBalancer balancer;
    private final Fitnesses fitnesses;
    private final Loops loops;
    private final BooleanSupplier stopping;

    /** Looks at the event loops. */
    public interface Loops {
        /** Returns why a loop does not turn, by the loop's name; empty while all turn. */
        Map<String, String> stalled() throws InterruptedException;
    }

    /**
     * Endpoints over this balancer.
     *
     * @param fitnesses must listen to the balancer
     * @param stopping whether a stop has begun: then {@code /ready} fails
     */
    public HealthEndpoints(LoadBalancer balancer, Fitnesses fitnesses, Loops loops, BooleanSupplier stopping) {
        this.balancer = balancer;
        this.fitnesses = fitnesses;
        this.loops = loops;
        this.stopping = stopping;
    }

    /** Returns the handlers by raw path. */
    public Map<String, LocalHandler> handlers() {
        return Map.of("/health", Endpoint.get(request -> health()), "/ready", Endpoint.get(request -> ready()));
    }

    private LocalResponse health() throws InterruptedException {
        Map<String, String> stalled = loops.stalled();
        return Json.object(stalled.isEmpty() ? 200 : 503, json -> {
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

    /** One server and what speaks against it. */
    private record Judged(ServerStatus status, Fitness fitness) {}

    private List<Judged> survey() {
        return balancer.servers().stream()
                .map(status -> new Judged(status, fitnesses.of(status)))
                .toList();
    }

    /** Returns how many servers are fit, in words. */
    public String summary() {
        List<Judged> all = survey();
        return count(all, Fitness.Word.FIT) + " of " + all.size() + " servers are fit";
    }

    private static long count(List<Judged> all, Fitness.Word word) {
        return all.stream().filter(one -> one.fitness().word() == word).count();
    }

    /** Returns whether a request sent now would get a server, or would but for the load. */
    private boolean serves(List<Judged> servers) {
        return balancer.explain(Key.none()).chosen().isPresent()
                || servers.stream()
                        .anyMatch(one -> one.status()
                                .health()
                                .skipped()
                                .filter(FULL::contains)
                                .isPresent());
    }

    private LocalResponse ready() {
        List<Judged> servers = survey();
        boolean ends = stopping.getAsBoolean();
        boolean serves = !ends && serves(servers);
        return Json.object(serves ? 200 : 503, json -> {
            json.writeStringField("status", ends ? "STOPPING" : serves ? "READY" : "NOT_READY");
            json.writeNumberField(
                    "ready",
                    servers.stream()
                            .filter(one -> one.status().server().state() == Server.State.READY)
                            .count());
            json.writeNumberField("servers", servers.size());
            if (!serves) {
                json.writeStringField("reason", ends ? "the balancer is stopping" : why(servers));
            }
            json.writeObjectFieldStart("counts");
            for (Fitness.Word word : Fitness.Word.values()) {
                json.writeNumberField(word.text(), count(servers, word));
            }
            json.writeEndObject();
            json.writeBooleanField("failOpen", fitnesses.failOpen());
            writePool(json);
            writeUnfit(json, servers);
        });
    }

    private String why(List<Judged> servers) {
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
            Fitness fitness = one.fitness();
            if (fitness.word() != Fitness.Word.FIT) {
                json.writeStartObject();
                json.writeStringField("id", one.status().server().id());
                json.writeStringField("fitness", fitness.word().text());
                json.writeStringField("reason", fitness.reason());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }
}
