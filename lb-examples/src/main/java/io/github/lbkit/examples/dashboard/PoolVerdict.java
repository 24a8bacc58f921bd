package io.github.lbkit.examples.dashboard;

import io.github.lbkit.examples.condition.ServerCondition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The verdict on the pool in words: the condition of its servers, and the evenness of their load. Immutable.
 *
 * @param level the severity
 * @param headline the most important fact
 * @param details further sentences
 */
record PoolVerdict(Level level, String headline, List<String> details) {
    /** A server is unbalanced only if its share deviates by more than this number of standard deviations. */
    private static final double DEVIATIONS = 4;

    /** A server is unbalanced only if its share deviates by more than this part of the expected share. */
    private static final double TOLERANCE = 0.25;

    private static final int MAX_NAMED = 3;

    /** The severity of a verdict. */
    enum Level {
        /** All servers are ready, and their load is even. */
        GOOD,
        /** Requests are served, but an operator should look at the pool. */
        WARNING,
        /** Requests are refused. */
        BAD
    }

    /** Copies the details. */
    PoolVerdict {
        details = List.copyOf(details);
    }

    /**
     * Returns the verdict on these servers.
     *
     * @param unservedPerSecond the number of requests without a server in the last second
     */
    static PoolVerdict of(List<ServerView> servers, double unservedPerSecond) {
        List<ServerView> desired = servers.stream()
                .filter(s -> s.condition() != ServerCondition.Kind.DRAINING)
                .toList();
        long ready = desired.stream()
                .filter(s -> s.condition() == ServerCondition.Kind.FIT)
                .count();
        List<ServerView> failed =
                desired.stream().filter(s -> s.condition().isFailure()).toList();
        List<String> details = new ArrayList<>();
        if (!failed.isEmpty()) {
            details.add(named(failed));
        }
        count(desired, ServerCondition.Kind.STARTING, " is starting.", " are starting.", details);
        count(
                desired,
                ServerCondition.Kind.OVERRIDDEN,
                " is held back by the operator.",
                " are held back by the operator.",
                details);
        if (unservedPerSecond > 0) {
            details.add("Requests get no server: " + Math.round(unservedPerSecond) + " in the last second.");
        }
        Evenness evenness = Evenness.of(desired);
        details.add(evenness.sentence());
        boolean warn = !failed.isEmpty() || evenness.isUneven() || ready < desired.size();
        Level level = ready == 0 || unservedPerSecond > 0 ? Level.BAD : warn ? Level.WARNING : Level.GOOD;
        return new PoolVerdict(level, headline(desired.size(), ready), details);
    }

    private static String headline(int desired, long ready) {
        if (desired == 0) {
            return "There are no servers";
        }
        if (ready == 0) {
            return "No server can answer";
        }
        if (ready == desired) {
            return desired == 1 ? "The server is ready" : "All " + desired + " servers are ready";
        }
        return ready + " of " + desired + " servers " + (ready == 1 ? "is" : "are") + " ready";
    }

    private static String named(List<ServerView> failed) {
        List<String> names = failed.stream()
                .limit(MAX_NAMED)
                .map(s -> s.id() + " is " + s.condition().text())
                .toList();
        int more = failed.size() - names.size();
        return String.join(", ", names) + (more > 0 ? ", and " + more + " more are out" : "") + ".";
    }

    private static void count(
            List<ServerView> servers,
            ServerCondition.Kind condition,
            String one,
            String several,
            List<String> details) {
        List<ServerView> found =
                servers.stream().filter(s -> s.condition() == condition).toList();
        if (found.size() == 1) {
            details.add(found.get(0).id() + one);
        } else if (found.size() > 1) {
            details.add(found.size() + several);
        }
    }

    /** The evenness of the load, with a sentence about the server that deviates the most. */
    private record Evenness(String sentence, boolean isUneven) {
        static Evenness of(List<ServerView> servers) {
            List<ServerView> serving = servers.stream()
                    .filter(s -> s.condition() == ServerCondition.Kind.FIT && s.expected() > 0)
                    .toList();
            double picks = serving.stream().mapToDouble(ServerView::picks).sum();
            if (picks < 1) {
                return new Evenness("No requests in the last minute.", false);
            }
            ServerView worst = serving.stream()
                    .filter(s -> isUnbalanced(s, picks))
                    .max(Comparator.comparingDouble(s -> Math.abs(s.measured() / s.expected() - 1)))
                    .orElse(null);
            if (worst != null) {
                return new Evenness(
                        "Load is uneven: " + worst.id() + " gets " + percent(worst.measured())
                                + " of the requests, expected are " + percent(worst.expected()) + ".",
                        true);
            }
            boolean canTell =
                    serving.stream().allMatch(s -> deviation(s, picks) * DEVIATIONS < TOLERANCE * s.expected());
            return new Evenness(
                    canTell ? "Load is even." : "Too few requests so far to tell whether load is even.", false);
        }

        private static boolean isUnbalanced(ServerView server, double picks) {
            double off = Math.abs(server.measured() - server.expected());
            return off > TOLERANCE * server.expected() && off > DEVIATIONS * deviation(server, picks);
        }

        /** Returns the standard deviation of a measured share. */
        private static double deviation(ServerView server, double picks) {
            return Math.sqrt(server.expected() * (1 - server.expected()) / picks);
        }

        private static String percent(double share) {
            return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100);
        }
    }
}
