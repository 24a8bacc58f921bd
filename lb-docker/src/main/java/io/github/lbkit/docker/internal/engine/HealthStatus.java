package io.github.lbkit.docker.internal.engine;

/** The result of a container's health check in the status text of the engine's list. */
public final class HealthStatus {
    private HealthStatus() {}

    /** Returns {@code healthy}, {@code unhealthy} or {@code starting}; empty if the container has no health check. */
    public static String of(String status) {
        if (status.contains("(healthy)")) {
            return "healthy";
        } else if (status.contains("(unhealthy)")) {
            return "unhealthy";
        }
        return status.contains("(health: starting)") ? "starting" : "";
    }
}
