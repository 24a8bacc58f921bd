package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.http.Dispatcher;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.QueryFilters;
import io.github.lbkit.testkit.docker.internal.http.Request;
import io.github.lbkit.testkit.docker.internal.http.Response;
import io.github.lbkit.testkit.docker.internal.http.Tar;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The handlers of the calls about containers. */
public final class ContainerCalls {
    private static final int STOP_TIMEOUT_SECONDS = 10;

    private final EngineContext context;
    private final EngineContainers containers;
    private final ContainerJson json;

    /** Creates the handlers. */
    public ContainerCalls(EngineContext context, EngineContainers containers, ContainerJson json) {
        this.context = context;
        this.containers = containers;
        this.json = json;
    }

    /** Registers the handlers. */
    public void addTo(Dispatcher calls) {
        calls.on("POST", "/containers/create", (request, none) -> create(request))
                .on("GET", "/containers/json", (request, none) -> list(request))
                .on("GET", "/containers/*/json", (request, name) -> inspect(name))
                .on("POST", "/containers/*/start", (request, name) -> start(name))
                .on("POST", "/containers/*/stop", this::stop)
                .on("POST", "/containers/*/restart", this::restart)
                .on("POST", "/containers/*/kill", this::kill)
                .on("POST", "/containers/*/pause", (request, name) -> pause(name))
                .on("POST", "/containers/*/unpause", (request, name) -> unpause(name))
                .on("POST", "/containers/*/rename", this::rename)
                .on("POST", "/containers/*/wait", (request, name) -> await(name))
                .on("GET", "/containers/*/logs", (request, name) -> logs(name))
                .on("PUT", "/containers/*/archive", this::putArchive)
                .on("GET", "/containers/*/archive", (request, name) -> archive(request, name, true))
                .on("HEAD", "/containers/*/archive", (request, name) -> archive(request, name, false))
                .on("DELETE", "/containers/*", this::remove);
    }

    private Response create(Request request) {
        EngineContainer container = containers.create(request.query("name", ""), request.json());
        return Response.json(201, JsonValues.object("Id", container.id, "Warnings", List.of()));
    }

    private Response list(Request request) {
        QueryFilters filters = new QueryFilters(request.query("filters", ""));
        boolean all = request.flag("all") || request.query("filters", "").contains("\"status\"");
        List<Object> listed = new ArrayList<>();
        for (EngineContainer container : containers.all()) {
            if ((all || container.running()) && json.matches(container, filters)) {
                listed.add(0, json.listed(container, context.now()));
            }
        }
        int limit = Integer.parseInt(request.query("limit", "0"));
        return Response.json(limit > 0 && limit < listed.size() ? listed.subList(0, limit) : listed);
    }

    private Response inspect(String name) {
        return Response.json(json.inspected(containers.container(name)));
    }

    private Response start(String name) {
        return Response.empty(containers.start(containers.container(name)) ? 204 : 304);
    }

    private Response stop(Request request, String name) {
        long seconds = Long.parseLong(request.query("t", String.valueOf(STOP_TIMEOUT_SECONDS)));
        return containers
                .stop(containers.container(name), seconds)
                .map(ended -> Response.empty(204).after(ended))
                .orElseGet(() -> Response.empty(304));
    }

    private Response restart(Request request, String name) {
        EngineContainer container = containers.container(name);
        var unused = containers.stop(container, 0);
        containers.start(container);
        containers.record(container, "restart", Map.of());
        return Response.empty(204);
    }

    private Response kill(Request request, String name) {
        containers.signal(containers.container(name), request.query("signal", "KILL"));
        return Response.empty(204);
    }

    private Response pause(String name) {
        containers.pause(containers.container(name));
        return Response.empty(204);
    }

    private Response unpause(String name) {
        containers.unpause(containers.container(name));
        return Response.empty(204);
    }

    private Response rename(Request request, String name) {
        containers.rename(containers.container(name), request.query("name", ""));
        return Response.empty(204);
    }

    private Response await(String name) {
        EngineContainer container = containers.container(name);
        if (!container.running()) {
            return Response.json(JsonValues.object("StatusCode", container.exitCode));
        }
        return Response.json(JsonValues.object("StatusCode", 0)).after(container.ended);
    }

    private Response remove(Request request, String name) {
        containers.remove(containers.container(name), request.flag("force"));
        return Response.empty(204);
    }

    /** Returns the log as a stream of frames, each with a header that names standard output or standard error. */
    private Response logs(String name) {
        byte[] log = containers.container(name).log.toByteArray();
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        if (log.length > 0) {
            framed.writeBytes(
                    ByteBuffer.allocate(8).put((byte) 1).putInt(4, log.length).array());
            framed.writeBytes(log);
        }
        return Response.bytes(200, "application/vnd.docker.raw-stream", framed.toByteArray());
    }

    private Response putArchive(Request request, String name) {
        EngineContainer container = containers.container(name);
        String directory = request.query("path", "/");
        Tar.read(request.body()).forEach((file, content) -> container.files.put(path(directory, file), content));
        return Response.empty(200);
    }

    private Response archive(Request request, String name, boolean withContent) {
        EngineContainer container = containers.container(name);
        String path = path(request.query("path", "/"), "");
        byte[] content = container.files.get(path);
        if (content == null) {
            throw new EngineError(404, "Could not find the file " + path + " in container " + name);
        }
        String file = path.substring(path.lastIndexOf('/') + 1);
        String stat = JsonValues.write(JsonValues.object(
                "name",
                file,
                "size",
                content.length,
                "mode",
                420,
                "mtime",
                context.now().toString(),
                "linkTarget",
                ""));
        return Response.bytes(200, "application/x-tar", withContent ? Tar.write(file, content) : new byte[0])
                .withHeader(
                        "X-Docker-Container-Path-Stat",
                        Base64.getEncoder().encodeToString(stat.getBytes(StandardCharsets.UTF_8)));
    }

    private static String path(String directory, String file) {
        String path = ("/" + directory + "/" + file).replace("/./", "/").replaceAll("/+", "/");
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
