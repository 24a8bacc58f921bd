package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lbkit.api.Explanation;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.Plan;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerHealth;
import io.github.lbkit.api.ServerStatus;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.docker.DockerServerPool;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The paths of the admin listener alone: state, decisions, and the operator's word. */
public final class AdminEndpoints {
    private static final String SERVERS = "/servers";
    private static final String REPLACE = "/replace";
    private static final String READMIT = "/readmit";
    private static final int CELLS = 1024;

    private final LoadBalancer balancer;
    private final Map<String, String> settings;
    private final Fitnesses fitnesses;
    private final Secrets secrets;

    /**
     * Endpoints over this balancer; of the settings everything is shown but secrets.
     *
     * @param fitnesses must listen to the balancer
     */
    public AdminEndpoints(LoadBalancer balancer, Map<String, String> settings, Fitnesses fitnesses, Secrets secrets) {
        this.secrets = secrets;
        this.balancer = balancer;
        this.settings = new TreeMap<>(settings);
        this.fitnesses = fitnesses;
    }

    /** The handlers by raw path. */
    public Map<String, LocalHandler> handlers() {
        Map<String, LocalHandler> handlers = new LinkedHashMap<>();
        handlers.put("/explain", Endpoint.get(this::explain));
        handlers.put("/plan", Endpoint.get(this::plan));
        handlers.put("/keyspace", Endpoint.get(this::keySpace));
        handlers.put("/ring", Endpoint.get(request -> ring()));
        handlers.put(SERVERS, Endpoint.get(request -> servers()));
        return handlers;
    }

    /**
     * Answers what no handler's path is: one server under {@code /servers/ID}, its replacement, the end of its ejection, or
     * 404.
     *
     * @param paths that have handlers
     */
    public LocalHandler fallback(Collection<String> paths) {
        Endpoint one = Endpoint.get(this::server).and("PUT", this::override);
        Endpoint replace = Endpoint.of("POST", this::replace);
        Endpoint readmit = Endpoint.of("POST", this::readmit);
        String known = String.join(", ", paths) + ", " + SERVERS + "/ID, " + SERVERS + "/ID" + REPLACE + ", " + SERVERS
                + "/ID" + READMIT;
        return request -> {
            String path = request.head().path();
            if (!path.startsWith(SERVERS + "/")) {
                return Json.error(404, "'" + path + "' is not a path of the admin listener; the paths are " + known);
            }
            return switch (deed(path)) {
                case REPLACE -> replace.handle(request);
                case READMIT -> readmit.handle(request);
                default -> one.handle(request);
            };
        };
    }

    private LocalResponse explain(LocalRequest request) throws Refusal {
        Query query = Query.of(request.head(), Set.of("key"));
        Key key = query.one("key").map(Key::of).orElseGet(Key::none);
        Explanation why = balancer.explain(key);
        return Json.object(200, json -> {
            json.writeStringField("key", why.key());
            json.writeStringField("policy", why.policy());
            json.writeNumberField("membershipVersion", why.membershipVersion());
            if (why.keyHash().isPresent()) {
                json.writeStringField("keyHash", hex(why.keyHash().getAsLong()));
            }
            json.writeStringField("position", why.position());
            if (why.chosen().isPresent()) {
                json.writeStringField("chosen", why.chosen().get());
            } else {
                json.writeNullField("chosen");
            }
            json.writeArrayFieldStart("candidates");
            for (Explanation.Candidate candidate : why.candidates()) {
                json.writeStartObject();
                json.writeStringField("id", candidate.id());
                json.writeStringField("state", candidate.state().name());
                if (candidate.skipped().isPresent()) {
                    json.writeStringField("skipped", candidate.skipped().get().name());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private LocalResponse plan(LocalRequest request) throws Refusal {
        MembershipChange change = change(request);
        Plan plan = planned(() -> balancer.plan(change));
        return Json.object(200, json -> PlanJson.write(json, plan));
    }

    private static <T> T planned(Supplier<T> plan) throws Refusal {
        try {
            return plan.get();
        } catch (IllegalArgumentException noRoom) {
            throw new Refusal(400, String.valueOf(noRoom.getMessage()));
        }
    }

    /** Who owns the key space now and after a change, for drawing: the index of the owner in each of many equal parts. */
    private LocalResponse keySpace(LocalRequest request) throws Refusal {
        MembershipChange change = change(request);
        List<String> before = balancer.owners(new MembershipChange(List.of(), Set.of()), CELLS);
        List<String> after = planned(() -> balancer.owners(change, CELLS));
        List<String> ids = Stream.concat(before.stream(), after.stream())
                .filter(id -> !id.isEmpty())
                .distinct()
                .sorted()
                .toList();
        return Json.object(200, json -> {
            json.writeStringField("policy", balancer.policy().name());
            json.writeArrayFieldStart("servers");
            for (String id : ids) {
                json.writeString(id);
            }
            json.writeEndArray();
            writeOwners(json, "before", before, ids);
            writeOwners(json, "after", after, ids);
        });
    }

    private static void writeOwners(JsonGenerator json, String name, List<String> owners, List<String> ids)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String owner : owners) {
            json.writeNumber(owner.isEmpty() ? -1 : Collections.binarySearch(ids, owner));
        }
        json.writeEndArray();
    }

    private MembershipChange change(LocalRequest request) throws Refusal {
        Query query = Query.of(request.head(), Set.of("add", "remove"));
        List<Member> members = balancer.membership().members();
        List<String> known = members.stream().map(Member::id).toList();
        for (String id : query.all("remove")) {
            if (!known.contains(id)) {
                throw new Refusal(400, "no server has the name '" + id + "'; the servers are " + known);
            }
        }
        List<Member> joining = new ArrayList<>();
        for (String id : query.all("add")) {
            if (known.contains(id) || joining.stream().anyMatch(m -> m.id().equals(id))) {
                throw new Refusal(400, "the name '" + id + "' is taken; the servers are " + known);
            }
            if (id.isBlank()) {
                throw new Refusal(400, "a server to add needs a name");
            }
            joining.add(new Member(id, 1));
        }
        return new MembershipChange(joining, Set.copyOf(query.all("remove")));
    }

    private LocalResponse ring() {
        Membership membership = balancer.membership();
        Map<String, Double> shares = balancer.shares();
        return Json.object(200, json -> {
            json.writeStringField("policy", balancer.policy().name());
            json.writeNumberField("membershipVersion", membership.version());
            json.writeStringField("membershipFingerprint", hex(membership.fingerprint()));
            json.writeStringField("routingFingerprint", hex(balancer.routingFingerprint()));
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
        return Json.object(200, json -> {
            json.writeStringField("pool", balancer.pool().name());
            json.writeNumberField("membershipVersion", balancer.membership().version());
            json.writeNumberField("ageMillis", balancer.pool().age().toMillis());
            json.writeArrayFieldStart("servers");
            for (ServerStatus status : balancer.servers()) {
                write(json, status);
            }
            json.writeEndArray();
        });
    }

    private LocalResponse server(LocalRequest request) throws Refusal {
        ServerStatus status = status(id(request));
        return Json.object(200, json -> {
            json.writeFieldName("server");
            write(json, status);
        });
    }

    private LocalResponse override(LocalRequest request) throws Refusal {
        String id = id(request);
        ObjectBody.requireJson(request);
        OperatorOverride word = word(request);
        try {
            balancer.override(id, word);
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

    private static OperatorOverride word(LocalRequest request) throws Refusal {
        String allowed = "allowed: {\"override\":\"" + OperatorOverride.NONE + "\"}, " + OperatorOverride.DRAIN + " or "
                + OperatorOverride.DOWN;
        try (JsonParser parser = Json.FACTORY.createParser(request.body())) {
            if (parser.nextToken() == JsonToken.START_OBJECT
                    && parser.nextToken() == JsonToken.FIELD_NAME
                    && parser.currentName().equals("override")
                    && parser.nextToken() == JsonToken.VALUE_STRING) {
                String word = parser.getText();
                if (parser.nextToken() == JsonToken.END_OBJECT
                        && Arrays.stream(OperatorOverride.values())
                                .anyMatch(o -> o.name().equals(word))) {
                    return OperatorOverride.valueOf(word);
                }
            }
            throw new Refusal(400, "the body does not set an override; " + allowed);
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "the body is not JSON: " + e.getOriginalMessage() + "; " + allowed);
        } catch (IOException e) {
            throw new Refusal(400, "the body is not JSON; " + allowed);
        }
    }

    /** The end of the path that says what to do with a server; empty if the path is the server's own. */
    private static String deed(String path) {
        return path.endsWith(REPLACE) ? REPLACE : path.endsWith(READMIT) ? READMIT : "";
    }

    private static String id(LocalRequest request) throws Refusal {
        String path = request.head().path();
        String raw =
                path.substring(SERVERS.length() + 1, path.length() - deed(path).length());
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

    private void write(JsonGenerator json, ServerStatus status) throws IOException {
        Server server = status.server();
        json.writeStartObject();
        json.writeStringField("id", server.id());
        json.writeNumberField("weight", server.weight());
        json.writeStringField("state", server.state().name());
        json.writeStringField("override", status.operator().name());
        Fitness fitness = fitnesses.of(status);
        json.writeStringField("fitness", fitness.word().text());
        json.writeStringField("reason", fitness.reason());
        writeHealth(json, status.health());
        json.writeNumberField("inFlight", status.inFlight());
        json.writeNumberField("latencyMicros", status.latencyNanos() / 1_000);
        if (server.instance().isPresent()) {
            Instance instance = server.instance().get();
            json.writeStringField("instance", instance.name());
            json.writeNumberField("generation", instance.generation());
            json.writeStringField("address", instance.address().authority());
            writeMaking(json, server.id());
        }
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : new TreeMap<>(server.labels()).entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Writes what the server's instance was made of: two servers that differ here show a rollout that is not complete. */
    private void writeMaking(JsonGenerator json, String id) throws IOException {
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

    private static String hex(long value) {
        return String.format("%016x", value);
    }
}
