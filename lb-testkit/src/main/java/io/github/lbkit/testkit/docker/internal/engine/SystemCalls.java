package io.github.lbkit.testkit.docker.internal.engine;

import io.github.lbkit.testkit.docker.internal.http.ApiVersions;
import io.github.lbkit.testkit.docker.internal.http.Dispatcher;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.Response;
import java.util.Map;
import java.util.function.Supplier;

/** The handlers of ping, version, info and events. */
public final class SystemCalls {
    private final EngineContext context;
    private final ApiVersions versions;
    private final Supplier<Map<String, Object>> containerCounts;
    private final Supplier<Map<String, Object>> swarmInfo;

    /**
     * Creates the handlers.
     *
     * @param containerCounts the members of {@code info} about containers
     * @param swarmInfo the member {@code Swarm} of {@code info}
     */
    public SystemCalls(
            EngineContext context,
            ApiVersions versions,
            Supplier<Map<String, Object>> containerCounts,
            Supplier<Map<String, Object>> swarmInfo) {
        this.context = context;
        this.versions = versions;
        this.containerCounts = containerCounts;
        this.swarmInfo = swarmInfo;
    }

    /** Registers the handlers. */
    public void addTo(Dispatcher calls) {
        calls.on("GET", "/_ping", (request, none) -> ping())
                .on("HEAD", "/_ping", (request, none) -> ping())
                .on("GET", "/version", (request, none) -> version())
                .on("GET", "/info", (request, none) -> info())
                .on(
                        "GET",
                        "/events",
                        (request, none) -> Response.stream("application/json", context.events.stream(request)));
    }

    private Response ping() {
        return Response.text("OK").withHeader("Api-Version", versions.api());
    }

    private Response version() {
        return Response.json(JsonValues.object(
                "Version", versions.engine(),
                "ApiVersion", versions.api(),
                "MinAPIVersion", versions.minApi(),
                "Os", "linux",
                "Arch", "amd64",
                "KernelVersion", "fake",
                "GitCommit", "fake",
                "GoVersion", "fake"));
    }

    private Response info() {
        Map<String, Object> info = JsonValues.object("ID", context.name, "Name", context.name);
        info.putAll(containerCounts.get());
        info.putAll(JsonValues.object(
                "ServerVersion",
                versions.engine(),
                "OperatingSystem",
                "fake",
                "OSType",
                "linux",
                "LiveRestoreEnabled",
                false,
                "Swarm",
                swarmInfo.get()));
        return Response.json(info);
    }
}
