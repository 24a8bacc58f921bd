package io.github.lbkit.examples.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far a rollout is, as the balancer tells it. Immutable.
 *
 * @param state none, running, complete or stopped
 * @param number which of the balancer's rollouts it is, as the balancer counts
 */
record RolloutView(String state, String number, String from, String to, List<OfServer> servers) {
    /**
     * One server.
     *
     * @param fresh whether it is made of what is rolled out
     * @param outcome what happened to it; empty as long as the rollout is under way
     */
    record OfServer(String id, boolean fresh, String outcome, String detail) {}

    static RolloutView of(Map<?, ?> answer) {
        List<OfServer> servers = new ArrayList<>();
        if (answer.get("servers") instanceof List<?> all) {
            for (Object one : all) {
                if (one instanceof Map<?, ?> server) {
                    servers.add(new OfServer(
                            text(server, "id"),
                            text(server, "new").equals("true"),
                            text(server, "outcome"),
                            text(server, "detail")));
                }
            }
        }
        return new RolloutView(
                text(answer, "state"), text(answer, "number"), text(answer, "from"), text(answer, "to"), servers);
    }

    private static String text(Map<?, ?> object, String key) {
        Object value = object.get(key);
        return value == null ? "" : value.toString();
    }

    long done() {
        return servers.stream().filter(OfServer::fresh).count();
    }
}
