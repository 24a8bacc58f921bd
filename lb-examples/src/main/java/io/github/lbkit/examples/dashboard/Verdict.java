package io.github.lbkit.examples.dashboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Whether the pool is well, and whether its load is even, in words. Immutable.
 *
 * @param level how bad it is
 * @param headline the one thing to know
 * @param details sentences that say more
 */
record Verdict(Level level, String headline, List<String> details) {
    /** So far off its share is a server only if chance would not put it there. */
    private static final double DEVIATIONS = 4;

    private static final double UNEVEN = 0.25;
    private static final int NAMED = 3;

    /** How bad it is. */
    enum Level {
        /** All is well. */
        GOOD,
        /** Requests are served, and somebody should look. */
        WARNING,
        /** Requests are refused. */
        BAD
    }

    Verdict {
        details = List.copyOf(details);
    }

    /**
     * The verdict on these servers.
     *
     * @param unservedPerSecond requests that got no server in the last second
     */
    static Verdict of(List<ServerView> servers, double unservedPerSecond) {
        List<ServerView> desired = servers.stream()
                .filter(s -> s.condition() != Condition.DRAINING)
                .toList();
        long ready =
                desired.stream().filter(s -> s.condition() == Condition.READY).count();
        List<ServerView> troubled =
                desired.stream().filter(s -> s.condition().isTrouble()).toList();
        List<String> details = new ArrayList<>();
        if (!troubled.isEmpty()) {
            details.add(named(troubled));
        }
        count(desired, Condition.STARTING, " is starting.", " are starting.", details);
        count(desired, Condition.HELD, " is held back by the operator.", " are held back by the operator.", details);
        if (unservedPerSecond > 0) {
            details.add("Requests get no server: " + Math.round(unservedPerSecond) + " in the last second.");
        }
        Unevenness unevenness = Unevenness.of(desired);
        details.add(unevenness.sentence());
        boolean warn = !troubled.isEmpty() || unevenness.isUneven() || ready < desired.size();
        Level level = ready == 0 || unservedPerSecond > 0 ? Level.BAD : warn ? Level.WARNING : Level.GOOD;
        return new Verdict(level, headline(desired.size(), ready), details);
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

    private static String named(List<ServerView> troubled) {
        List<String> names = troubled.stream()
                .limit(NAMED)
                .map(s -> s.id() + " is " + s.condition().name().toLowerCase(Locale.ROOT))
                .toList();
        int more = troubled.size() - names.size();
        return String.join(", ", names) + (more > 0 ? ", and " + more + " more are out" : "") + ".";
    }

    private static void count(
            List<ServerView> servers, Condition condition, String one, String several, List<String> details) {
        List<ServerView> found =
                servers.stream().filter(s -> s.condition() == condition).toList();
        if (found.size() == 1) {
            details.add(found.get(0).id() + one);
        } else if (found.size() > 1) {
            details.add(found.size() + several);
        }
    }

    /** The server whose share is the furthest above what it should be. */
    private record Unevenness(String sentence, boolean isUneven) {
        static Unevenness of(List<ServerView> servers) {
            List<ServerView> serving = servers.stream()
                    .filter(s -> s.condition() == Condition.READY && s.expected() > 0)
                    .toList();
            double picks = serving.stream().mapToDouble(ServerView::picks).sum();
            if (picks < 1) {
                return new Unevenness("No requests in the last minute.", false);
            }
            ServerView worst = serving.stream()
                    .filter(s -> isOff(s, picks))
                    .max(Comparator.comparingDouble(s -> Math.abs(s.measured() / s.expected() - 1)))
                    .orElse(null);
            if (worst != null) {
                return new Unevenness(
                        "Load is uneven: " + worst.id() + " gets " + percent(worst.measured())
                                + " of the requests, expected are " + percent(worst.expected()) + ".",
                        true);
            }
            boolean canTell = serving.stream().allMatch(s -> deviation(s, picks) * DEVIATIONS < UNEVEN * s.expected());
            return new Unevenness(
                    canTell ? "Load is even." : "Too few requests so far to tell whether load is even.", false);
        }

        private static boolean isOff(ServerView server, double picks) {
            double off = Math.abs(server.measured() - server.expected());
            return off > UNEVEN * server.expected() && off > DEVIATIONS * deviation(server, picks);
        }

        /** What chance does to a share. */
        private static double deviation(ServerView server, double picks) {
            return Math.sqrt(server.expected() * (1 - server.expected()) / picks);
        }

        private static String percent(double share) {
            return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100);
        }
    }
}
