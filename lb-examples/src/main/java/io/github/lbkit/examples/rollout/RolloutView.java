package io.github.lbkit.examples.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The progress of a rollout, as the balancer reports it. Immutable.
 *
 * @param state none, running, complete or stopped
 * @param number the number of the rollout, as the balancer counts them
 */
record RolloutView(String state, String number, String from, String to, List<OfServer> servers) {
    /**
     * One server in a rollout.
     *
     * @param fresh whether the server has the new specification
     * @param outcome the outcome of its replacement; empty while the rollout is running
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

    /** Returns the number of servers with the new specification. */
    long done() {
        return servers.stream().filter(OfServer::fresh).count();
    }
}
