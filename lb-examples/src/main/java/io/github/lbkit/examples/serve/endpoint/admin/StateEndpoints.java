package io.github.lbkit.examples.serve.endpoint.admin;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.examples.serve.endpoint.ServerJson;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalResponse;
import java.util.Map;
import java.util.TreeMap;

/** The endpoints for the state of the balancer: {@code /ring} with fingerprints and settings, and all servers. */
final class StateEndpoints {
    private final LoadBalancer balancer;
    private final Map<String, String> settings;
    private final ServerJson serverJson;
    private final Secrets secrets;

    /** Creates endpoints that show these settings without their secrets. */
    StateEndpoints(LoadBalancer balancer, Map<String, String> settings, ServerJson serverJson, Secrets secrets) {
        this.balancer = balancer;
        this.settings = new TreeMap<>(settings);
        this.serverJson = serverJson;
        this.secrets = secrets;
    }

    /** Returns the handlers by raw path. */
    Map<String, LocalHandler> handlers() {
        return Map.of(
                "/ring", Endpoint.get(request -> ring()), ServerEndpoints.SERVERS, Endpoint.get(request -> servers()));
    }

    private LocalResponse ring() {
        Membership membership = balancer.membership();
        Map<String, Double> shares = balancer.shares();
        return JsonResponse.object(200, json -> {
            json.writeStringField("policy", balancer.policy().name());
            json.writeNumberField("membershipVersion", membership.version());
            json.writeStringField("membershipFingerprint", JsonResponse.hex(membership.fingerprint()));
            json.writeStringField("routingFingerprint", JsonResponse.hex(balancer.routingFingerprint()));
            json.writeObjectFieldStart("settings");
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                json.writeStringField(
                        setting.getKey(), Secrets.masked(setting.getKey(), secrets.hide(setting.getValue())));
            }
            json.writeEndObject();
            json.writeArrayFieldStart("members");
            for (Member member : membership.members()) {
                json.writeStartObject();
                json.writeStringField("id", member.id());
                json.writeNumberField("weight", member.weight());
                json.writeNumberField("share", shares.getOrDefault(member.id(), 0.0));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private LocalResponse servers() {
        return JsonResponse.object(200, json -> {
            json.writeStringField("pool", balancer.pool().name());
            json.writeNumberField("membershipVersion", balancer.membership().version());
            json.writeNumberField("ageMillis", balancer.pool().age().toMillis());
            json.writeArrayFieldStart("servers");
            for (ServerStatus status : balancer.servers()) {
                serverJson.writeStatus(json, status);
            }
            json.writeEndArray();
        });
    }
}
