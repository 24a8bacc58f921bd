package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.examples.analysis.result.EndpointCheck;
import io.github.lbkit.examples.analysis.subject.ReservedPathsClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The checks of the endpoints of a balancer. Stateless. */
public final class EndpointChecks {
    private static final int SHOWN = 120;
    private static final String FAILURE = "{\"message\":\"<Error> ";
    private static final String EXTRA = "analysis-extra";

    private EndpointChecks() {}

    /** One request and its expected answer: the status, and a part of the body. */
    private record Case(String method, String target, String body, int status, String contains) {}

    /**
     * Sends requests to every endpoint, and checks the answers.
     *
     * @param mayChange whether to check the endpoints that change servers
     * @param demoServers whether to check the paths of demo servers
     */
    public static List<EndpointCheck> run(ReservedPathsClient client, boolean mayChange, boolean demoServers)
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
        for (Case expected : cases) {
            checks.add(check(client, expected));
        }
        return checks;
    }

    private static EndpointCheck check(ReservedPathsClient client, Case check) throws InterruptedException {
        String request = check.method() + " " + check.target() + (check.body().isEmpty() ? "" : " " + check.body());
        String expected = check.status() + (check.contains().isEmpty() ? "" : ", " + check.contains());
        try {
            Answer answer = client.send(check.method(), check.target(), check.body());
            boolean passed = answer.status() == check.status() && answer.text().contains(check.contains());
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
