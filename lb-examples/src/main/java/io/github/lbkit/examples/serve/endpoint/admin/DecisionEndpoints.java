package io.github.lbkit.examples.serve.endpoint.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.examples.serve.endpoint.PlanJson;
import io.github.lbkit.examples.serve.endpoint.Query;
import io.github.lbkit.examples.serve.endpoint.Refusal;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The endpoints for decisions of the policy: explanations of keys, plans of changes, and owners of the key space. */
final class DecisionEndpoints {
    private static final int CELLS = 1024;

    private final LoadBalancer balancer;

    DecisionEndpoints(LoadBalancer balancer) {
        this.balancer = balancer;
    }

    /** Returns the handlers by raw path. */
    Map<String, LocalHandler> handlers() {
        Map<String, LocalHandler> handlers = new LinkedHashMap<>();
        handlers.put("/explain", Endpoint.get(this::explain));
        handlers.put("/plan", Endpoint.get(this::plan));
        handlers.put("/keyspace", Endpoint.get(this::keySpace));
        return handlers;
    }

    private LocalResponse explain(LocalRequest request) throws Refusal {
        Query query = Query.of(request.head(), Set.of("key"));
        Key key = query.one("key").map(Key::of).orElseGet(Key::none);
        Explanation explanation = balancer.explain(key);
        return JsonResponse.object(200, json -> {
            json.writeStringField("key", explanation.key());
            json.writeStringField("policy", explanation.policy());
            json.writeNumberField("membershipVersion", explanation.membershipVersion());
            if (explanation.keyHash().isPresent()) {
                json.writeStringField(
                        "keyHash", JsonResponse.hex(explanation.keyHash().getAsLong()));
            }
            json.writeStringField("position", explanation.position());
            if (explanation.chosen().isPresent()) {
                json.writeStringField("chosen", explanation.chosen().get());
            } else {
                json.writeNullField("chosen");
            }
            json.writeArrayFieldStart("candidates");
            for (Explanation.Candidate candidate : explanation.candidates()) {
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
        Plan plan = orRefusal(() -> balancer.plan(change));
        return JsonResponse.object(200, json -> PlanJson.write(json, plan));
    }

    private static <T> T orRefusal(Supplier<T> plan) throws Refusal {
        try {
            return plan.get();
        } catch (IllegalArgumentException noRoom) {
            throw new Refusal(400, String.valueOf(noRoom.getMessage()));
        }
    }

    /**
     * Answers the owners of the key space before and after a change: an index into the servers for each of 1,024 cells.
     */
    private LocalResponse keySpace(LocalRequest request) throws Refusal {
        MembershipChange change = change(request);
        List<String> before = balancer.owners(new MembershipChange(List.of(), Set.of()), CELLS);
        List<String> after = orRefusal(() -> balancer.owners(change, CELLS));
        List<String> ids = Stream.concat(before.stream(), after.stream())
                .filter(id -> !id.isEmpty())
                .distinct()
                .sorted()
                .toList();
        return JsonResponse.object(200, json -> {
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
}
