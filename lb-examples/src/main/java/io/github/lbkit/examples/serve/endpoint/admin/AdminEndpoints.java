package io.github.lbkit.examples.serve.endpoint.admin;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.examples.condition.ServerConditions;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.endpoint.ServerJson;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.http.LocalHandler;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The registry of the endpoints that only the admin listener has. Immutable. */
public final class AdminEndpoints {
    private final Map<String, LocalHandler> readers = new TreeMap<>();
    private final Map<String, LocalHandler> changers;
    private final ServerEndpoints servers;

    /**
     * Creates the endpoints of a balancer.
     *
     * @param conditions must listen to the balancer
     */
    public AdminEndpoints(
            LoadBalancer balancer,
            ServeSettings settings,
            ServerConditions conditions,
            HealthEndpoints health,
            ViewEndpoints views) {
        Secrets secrets = settings.secrets();
        ServerJson serverJson = new ServerJson(balancer, conditions, secrets);
        servers = new ServerEndpoints(balancer, serverJson, secrets);
        readers.putAll(new StateEndpoints(balancer, shown(settings), serverJson, secrets).handlers());
        readers.putAll(new DecisionEndpoints(balancer).handlers());
        readers.putAll(views.handlers());
        readers.putAll(health.handlers());
        RolloutEndpoint rollout =
                new RolloutEndpoint(balancer.pool(), settings.access().hasToken(), secrets);
        changers = Map.of(RolloutEndpoint.PATH, rollout.handler());
    }

    private static Map<String, String> shown(ServeSettings settings) {
        Map<String, String> shown = new TreeMap<>();
        shown.put("pool", settings.pool().given());
        shown.put("policy", settings.policyOptions().name());
        settings.policyOptions().options().forEach((name, value) -> shown.put("policy-option " + name, value));
        shown.put("key", settings.key().name());
        shown.put("max-servers", String.valueOf(settings.pool().maxServers()));
        shown.put("max-attempts", String.valueOf(settings.maxAttempts()));
        return shown;
    }

    /** Returns the handlers of requests without a body, by raw path. */
    public Map<String, LocalHandler> readers() {
        return readers;
    }

    /** Returns the handlers of requests with a body, by raw path. */
    public Map<String, LocalHandler> changers() {
        return changers;
    }

    /**
     * Returns the handler for requests to all other paths: it answers paths of servers, and 404 to the rest.
     *
     * @param reserved the reserved paths, for the message of the 404
     */
    public LocalHandler fallback(Collection<String> reserved) {
        Set<String> paths = new TreeSet<>(readers.keySet());
        paths.addAll(changers.keySet());
        paths.addAll(reserved);
        paths.add(ViewEndpoints.EVENTS);
        return servers.fallback(paths);
    }
}
