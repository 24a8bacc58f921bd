package io.github.lbkit.examples.serve.settings;

import picocli.CommandLine.Option;

/** The settings of {@code serve} for what the traffic listener answers in place of servers. */
final class ReservedPathSettings {
    @Option(
            names = "--map-404",
            paramLabel = "on|off|auto",
            defaultValue = "auto",
            description = "turn a server's 404 into the 400 of the demo; auto is on for demo servers and off for others"
                    + " (default: ${DEFAULT-VALUE})")
    private String map404 = "auto";

    @Option(
            names = "--reserved-paths",
            paramLabel = "on|off|auto",
            defaultValue = "auto",
            description = "answer /rep, /add, /rm, /performancegraph and /performance_graph on the traffic listener,"
                    + " instead of"
                    + " passing these requests to servers; auto is on for demo servers and off for others; the"
                    + " admin listener always answers these paths (default: ${DEFAULT-VALUE})")
    private String reservedPaths = "auto";

    /** The value of the option {@code --reserved-paths}, as given. */
    String given() {
        return reservedPaths;
    }

    /** Returns whether a server's 404 becomes a 400. */
    boolean mapsUnknownPaths(boolean demoServers) {
        return OptionChecks.isOn("--map-404", map404, demoServers);
    }

    /** Returns whether the traffic listener answers the reserved paths. */
    boolean reservesPaths(boolean demoServers) {
        return OptionChecks.isOn("--reserved-paths", reservedPaths, demoServers);
    }
}
