package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** The endpoint of one path, with one action for each method. Other methods are answered 405. Immutable. */
public final class Endpoint implements LocalHandler {
    private final Map<String, Action> actions;

    /** An action that answers a request or refuses it. */
    public interface Action {
        /** Answers the request. */
        LocalResponse answer(LocalRequest request) throws Refusal, Exception;
    }

    private Endpoint(Map<String, Action> actions) {
        this.actions = actions;
    }

    /** Returns an endpoint for GET and HEAD. */
    public static Endpoint get(Action action) {
        Map<String, Action> actions = new LinkedHashMap<>();
        actions.put("GET", action);
        actions.put("HEAD", action);
        return new Endpoint(actions);
    }

    /** Returns an endpoint for one method. */
    public static Endpoint of(String method, Action action) {
        return new Endpoint(Map.of(method, action));
    }

    /** Returns this endpoint with a further method. */
    public Endpoint and(String method, Action action) {
        Map<String, Action> more = new LinkedHashMap<>(actions);
        more.put(method, action);
        return new Endpoint(more);
    }

    @Override
    public LocalResponse handle(LocalRequest request) throws Exception {
        Action action = actions.get(request.head().method());
        if (action == null) {
            String allowed = String.join(", ", actions.keySet());
            return JsonResponse.error(
                            405,
                            "method '" + request.head().method() + "' is not allowed for '"
                                    + request.head().path() + "'; allowed: " + allowed)
                    .with("Allow", allowed);
        }
        try {
            return action.answer(request);
        } catch (Refusal refusal) {
            return refusal.response();
        }
    }
}
