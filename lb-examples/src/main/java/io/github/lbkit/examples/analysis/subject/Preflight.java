package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.examples.analysis.result.AnalysisSettings;
import io.github.lbkit.examples.analysis.subject.ReservedPathsClient.Answer;
import io.github.lbkit.examples.json.JsonTree;
import io.github.lbkit.examples.load.ServerName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The first requests to a running balancer, which find out what it offers to the analysis. Immutable.
 *
 * @param reserved whether {@code GET /rep} lists the servers; the endpoints are checked then
 * @param plans whether {@code POST /add?dryRun=true} reports the share of each server
 * @param lines the findings, for people
 */
public record Preflight(boolean reserved, boolean plans, List<String> lines) {
    private static final String NEEDED = "needs " + AnalysisSettings.PATH
            + " to answer 200 with the name of the server, as demo servers do (lbkit server): {\"message\":\"Hello from"
            + " Server: NAME\",…}";

    /** Copies the lines. */
    public Preflight {
        lines = List.copyOf(lines);
    }

    /**
     * Sends the requests.
     *
     * @throws IllegalArgumentException if the balancer lacks what the analysis needs; the message gives advice
     * @throws IOException if the balancer cannot be reached
     */
    static Preflight of(ReservedPathsClient client, String url, boolean mayChange)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        lines.add("--url " + url + " " + NEEDED);
        Answer home = asked(client, url, "GET", AnalysisSettings.PATH);
        if (home.status() != 200
                || ServerName.in(home.body(), home.body().length).isEmpty()) {
            throw new IllegalArgumentException("--url " + url + " cannot be analyzed: the analysis " + NEEDED
                    + ", but the answer is " + shown(home));
        }
        boolean reserved = isListOfServers(asked(client, url, "GET", "/rep"));
        Answer plan = asked(client, url, "POST", "/add?dryRun=true");
        if (reserved && plan.status() == 401) {
            throw new IllegalArgumentException("--url " + url + " answers 401 to POST /add?dryRun=true: give the"
                    + " balancer's token by --admin-token-file FILE");
        }
        boolean plans = reserved && plan.status() == 200;
        if (mayChange && !reserved) {
            throw new IllegalArgumentException("--allow-changes needs /rep, /add and /rm, which " + url
                    + " does not answer; leave --allow-changes out, or run lbkit serve with --reserved-paths on there");
        }
        lines.add(line("GET /rep", reserved, "the servers and the checks of the endpoints", "no endpoint is checked"));
        lines.add(line("POST /add?dryRun=true", plans, "the expected shares", "equal shares are expected"));
        lines.add(line(
                "POST /add, DELETE /rm",
                reserved && mayChange,
                "two to six servers (A-2)",
                reserved ? "not used without --allow-changes: A-2 is skipped" : "A-2 is skipped"));
        return new Preflight(reserved, plans, lines);
    }

    private static String line(String request, boolean there, String use, String without) {
        return "  " + request + ": " + (there ? "found, for " + use : "not available; " + without);
    }

    private static Answer asked(ReservedPathsClient client, String url, String method, String target)
            throws IOException, InterruptedException {
        try {
            return client.send(method, target, "");
        } catch (IOException e) {
            throw new IOException("no balancer answers at --url " + url + ": " + e, e);
        }
    }

    private static boolean isListOfServers(Answer answer) {
        try {
            return answer.status() == 200
                    && JsonTree.read(answer.text()) instanceof Map<?, ?> all
                    && all.get("message") instanceof Map<?, ?> message
                    && message.get("replicas") instanceof List<?>;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static String shown(Answer answer) {
        String text = answer.text().strip();
        return answer.status() + (text.isEmpty() ? "" : " " + text.substring(0, Math.min(120, text.length())));
    }
}
