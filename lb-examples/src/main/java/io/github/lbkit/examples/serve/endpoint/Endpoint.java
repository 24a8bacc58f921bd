package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** One path and what it does for each method; any other method is 405. Immutable. */
final class Endpoint implements LocalHandler {
    private final Map<String, Action> actions;

    /** Answers, or refuses. */
    interface Action {
        LocalResponse answer(LocalRequest request) throws Refusal, Exception;
    }

    private Endpoint(Map<String, Action> actions) {
        this.actions = actions;
    }

    /** GET, and HEAD as GET. */
    static Endpoint get(Action action) {
        Map<String, Action> actions = new LinkedHashMap<>();
        actions.put("GET", action);
        actions.put("HEAD", action);
        return new Endpoint(actions);
    }

    /** One method. */
    static Endpoint of(String method, Action action) {
        return new Endpoint(Map.of(method, action));
    }

    /** This endpoint with a method more. */
    Endpoint and(String method, Action action) {
        Map<String, Action> more = new LinkedHashMap<>(actions);
        more.put(method, action);
        return new Endpoint(more);
    }

    @Override
    public LocalResponse handle(LocalRequest request) throws Exception {
        Action action = actions.get(request.head().method());
        if (action == null) {
            String allowed = String.join(", ", actions.keySet());
            return Json.error(
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
