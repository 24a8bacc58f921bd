package io.github.lbkit.examples.serve.endpoint.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.examples.serve.endpoint.ObjectBody;
import io.github.lbkit.examples.serve.endpoint.PoolChanges;
import io.github.lbkit.examples.serve.endpoint.Refusal;
import io.github.lbkit.examples.serve.endpoint.ServerJson;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * The endpoints for one server, under {@code /servers/ID}: its state, its override, its replacement and its
 * readmission.
 */
final class ServerEndpoints {
    /** The raw path of all servers; the path of one server begins with it. */
    static final String SERVERS = "/servers";

    private static final String REPLACE = "/replace";
    private static final String READMIT = "/readmit";

    private final LoadBalancer balancer;
    private final ServerJson serverJson;
    private final Secrets secrets;

    ServerEndpoints(LoadBalancer balancer, ServerJson serverJson, Secrets secrets) {
        this.balancer = balancer;
        this.serverJson = serverJson;
        this.secrets = secrets;
    }

    /**
     * Returns the handler for requests to all other paths: it answers paths of servers, and 404 to the rest.
     *
     * @param paths the paths that have handlers, for the message of the 404
     */
    LocalHandler fallback(Collection<String> paths) {
        Endpoint server = Endpoint.get(this::server).and("PUT", this::override);
        Endpoint replace = Endpoint.of("POST", this::replace);
        Endpoint readmit = Endpoint.of("POST", this::readmit);
        String known = String.join(", ", paths) + ", " + SERVERS + "/ID, " + SERVERS + "/ID" + REPLACE + ", " + SERVERS
                + "/ID" + READMIT;
        return request -> {
            String path = request.head().path();
            if (!path.startsWith(SERVERS + "/")) {
                return JsonResponse.error(
                        404, "'" + path + "' is not a path of the admin listener; the paths are " + known);
            }
            return switch (action(path)) {
                case REPLACE -> replace.handle(request);
                case READMIT -> readmit.handle(request);
                default -> server.handle(request);
            };
        };
    }

    private LocalResponse server(LocalRequest request) throws Refusal {
        ServerStatus status = status(id(request));
        return JsonResponse.object(200, json -> {
            json.writeFieldName("server");
            serverJson.writeStatus(json, status);
        });
    }

    private LocalResponse override(LocalRequest request) throws Refusal {
        String id = id(request);
        ObjectBody.requireJson(request);
        OperatorOverride override = overrideIn(request);
        try {
            balancer.override(id, override);
        } catch (IllegalArgumentException unknown) {
            throw new Refusal(404, String.valueOf(unknown.getMessage()));
        }
        return server(request);
    }

    private LocalResponse replace(LocalRequest request) throws Refusal, InterruptedException {
        String id = id(request);
        ObjectBody.requireJson(request);
        if (!(balancer.pool() instanceof ManagedServerPool pool)) {
            throw new Refusal(
                    409, "the servers of pool '" + balancer.pool().name() + "' are fixed; none can be replaced");
        }
        PoolChange change = PoolChanges.await(
                pool.replace(id),
                refused -> new Refusal(
                        refused.reason() == PoolChangeRefusedException.Reason.CLOSED ? 503 : 400,
                        String.valueOf(refused.getMessage())));
        if (!change.complete()) {
            throw new Refusal(
                    503,
                    id + " was not replaced: "
                            + secrets.hide(change.failed().get(0).detail()));
        }
        return server(request);
    }

    private LocalResponse readmit(LocalRequest request) throws Refusal {
        String id = id(request);
        ObjectBody.requireJson(request);
        boolean ended;
        try {
            ended = balancer.endEjection(id);
        } catch (IllegalArgumentException unknown) {
            throw new Refusal(404, String.valueOf(unknown.getMessage()));
        }
        if (!ended) {
            throw new Refusal(409, "'" + id + "' is not ejected");
        }
        return server(request);
    }

    private static OperatorOverride overrideIn(LocalRequest request) throws Refusal {
        String allowed = "allowed: {\"override\":\"" + OperatorOverride.NONE + "\"}, " + OperatorOverride.DRAIN + " or "
                + OperatorOverride.DOWN;
        try (JsonParser parser = JsonResponse.FACTORY.createParser(request.body())) {
            if (parser.nextToken() == JsonToken.START_OBJECT
                    && parser.nextToken() == JsonToken.FIELD_NAME
                    && parser.currentName().equals("override")
                    && parser.nextToken() == JsonToken.VALUE_STRING) {
                String name = parser.getText();
                if (parser.nextToken() == JsonToken.END_OBJECT
                        && Arrays.stream(OperatorOverride.values())
                                .anyMatch(override -> override.name().equals(name))) {
                    return OperatorOverride.valueOf(name);
                }
            }
            throw new Refusal(400, "the body does not set an override; " + allowed);
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "the body is not JSON: " + e.getOriginalMessage() + "; " + allowed);
        } catch (IOException e) {
            throw new Refusal(400, "the body is not JSON; " + allowed);
        }
    }

    /** Returns the last part of the path if it names an action; empty if the path is that of the server itself. */
    private static String action(String path) {
        return path.endsWith(REPLACE) ? REPLACE : path.endsWith(READMIT) ? READMIT : "";
    }

    private static String id(LocalRequest request) throws Refusal {
        String path = request.head().path();
        String raw = path.substring(
                SERVERS.length() + 1, path.length() - action(path).length());
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "'" + raw + "' in the path is not percent-encoded");
        }
    }

    private ServerStatus status(String id) throws Refusal {
        for (ServerStatus status : balancer.servers()) {
            if (status.server().id().equals(id)) {
                return status;
            }
        }
        throw new Refusal(
                404,
                "no server has the name '" + id + "'; the servers are "
                        + balancer.servers().stream().map(s -> s.server().id()).toList());
    }
}
