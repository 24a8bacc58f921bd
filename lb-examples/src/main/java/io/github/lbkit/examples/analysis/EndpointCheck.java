package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.analysis.SeedClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One endpoint that was exercised. Immutable.
 *
 * @param request the method, the path, and the body if there is one
 * @param expected what should come
 * @param got what came
 * @param passed whether it was that
 */
record EndpointCheck(String request, String expected, String got, boolean passed) {
    private static final int SHOWN = 120;
    private static final String FAILURE = "{\"message\":\"<Error> ";
    private static final String EXTRA = "analysis-extra";

    /** One request and what should come of it. */
    private record Case(String method, String target, String body, int status, String contains) {}

    /** Exercises every endpoint; those that change servers only where that may be, those of demo servers only on them. */
    static List<EndpointCheck> all(SeedClient client, boolean mayChange, boolean demoServers)
            throws InterruptedException {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("GET", "/rep", "", 200, "\"status\":\"successful\""),
                new Case("HEAD", "/rep", "", 200, ""),
                new Case("GET", "/rep?verbose=true", "", 200, "\"generation\""),
                new Case("GET", "/performancegraph", "", 200, "PNG"),
                new Case("GET", "/performance_graph?format=svg", "", 200, "<svg"),
                new Case("POST", "/rep", "", 405, FAILURE)));
        if (demoServers) {
            cases.add(new Case("GET", "/home", "", 200, "Hello from Server: "));
            cases.add(new Case("GET", "/hello", "", 200, "Hello from server "));
            cases.add(new Case("GET", "/heartbeat", "", 200, ""));
            cases.add(new Case("GET", "/other", "", 400, FAILURE + "'/other' endpoint does not exist"));
        }
        if (mayChange) {
            String one = "{\"n\":1,\"hostnames\":[\"" + EXTRA + "\"]}";
            String tooMany = "{\"n\":1,\"hostnames\":[\"A\",\"B\"]}";
            cases.addAll(List.of(
                    new Case("POST", "/add?dryRun=true", one, 200, "\"movedShare\""),
                    new Case("POST", "/add", one, 200, EXTRA),
                    new Case("POST", "/add", one, 400, FAILURE),
                    new Case("POST", "/add", tooMany, 400, "more than newly added instances"),
                    new Case("POST", "/add", "{\"n\":", 400, FAILURE),
                    new Case("DELETE", "/rm", tooMany, 400, "more than removable instances"),
                    new Case("DELETE", "/rm?dryRun=true", one, 200, "\"movedShare\""),
                    new Case("DELETE", "/rm", one, 200, "\"status\":\"successful\""),
                    new Case("DELETE", "/rm", one, 400, FAILURE)));
        }
        List<EndpointCheck> checks = new ArrayList<>();
        for (Case one : cases) {
            checks.add(check(client, one));
        }
        return checks;
    }

    private static EndpointCheck check(SeedClient client, Case one) throws InterruptedException {
        String request = one.method() + " " + one.target() + (one.body().isEmpty() ? "" : " " + one.body());
        String expected = one.status() + (one.contains().isEmpty() ? "" : ", " + one.contains());
        try {
            Answer answer = client.send(one.method(), one.target(), one.body());
            boolean passed = answer.status() == one.status() && answer.text().contains(one.contains());
            return new EndpointCheck(request, expected, answer.status() + shown(answer), passed);
        } catch (IOException e) {
            return new EndpointCheck(request, expected, String.valueOf(e), false);
        }
    }

    private static String shown(Answer answer) {
        if (answer.body().length == 0) {
            return "";
        }
        if (answer.type().startsWith("image/")) {
            return ", " + answer.type() + ", " + answer.body().length + " bytes";
        }
        String text = answer.text();
        return ", " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
    }
}
