package io.github.lbkit.testkit.docker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The calls about containers. */
final class ContainerCalls {
    private static final int STOP_SECONDS = 10;

    private final EngineCore core;
    private final Containers containers;
    private final ContainerViews views;

    ContainerCalls(EngineCore core, Containers containers, ContainerViews views) {
        this.core = core;
        this.containers = containers;
        this.views = views;
    }

    void addTo(Dispatcher calls) {
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

    private Reply create(Request request) {
        FakeContainer container = containers.create(request.query("name", ""), request.json());
        return Reply.json(201, Json.object("Id", container.id, "Warnings", List.of()));
    }

    private Reply list(Request request) {
        Filters filters = new Filters(request.query("filters", ""));
        boolean all = request.flag("all") || request.query("filters", "").contains("\"status\"");
        List<Object> listed = new ArrayList<>();
        for (FakeContainer container : containers.all()) {
            if ((all || container.running()) && views.matches(container, filters)) {
                listed.add(0, views.listed(container, core.now()));
            }
        }
        int limit = Integer.parseInt(request.query("limit", "0"));
        return Reply.json(limit > 0 && limit < listed.size() ? listed.subList(0, limit) : listed);
    }

    private Reply inspect(String name) {
        return Reply.json(views.inspected(containers.container(name)));
    }

    private Reply start(String name) {
        return Reply.nothing(containers.start(containers.container(name)) ? 204 : 304);
    }

    private Reply stop(Request request, String name) {
        long seconds = Long.parseLong(request.query("t", String.valueOf(STOP_SECONDS)));
        return containers
                .stop(containers.container(name), seconds)
                .map(ended -> Reply.nothing(204).after(ended))
                .orElseGet(() -> Reply.nothing(304));
    }

    private Reply restart(Request request, String name) {
        FakeContainer container = containers.container(name);
        var unused = containers.stop(container, 0);
        containers.start(container);
        containers.tell(container, "restart", Map.of());
        return Reply.nothing(204);
    }

    private Reply kill(Request request, String name) {
        containers.signal(containers.container(name), request.query("signal", "KILL"));
        return Reply.nothing(204);
    }

    private Reply pause(String name) {
        containers.pause(containers.container(name));
        return Reply.nothing(204);
    }

    private Reply unpause(String name) {
        containers.unpause(containers.container(name));
        return Reply.nothing(204);
    }

    private Reply rename(Request request, String name) {
        containers.rename(containers.container(name), request.query("name", ""));
        return Reply.nothing(204);
    }

    private Reply await(String name) {
        FakeContainer container = containers.container(name);
        if (!container.running()) {
            return Reply.json(Json.object("StatusCode", container.exitCode));
        }
        return Reply.json(Json.object("StatusCode", 0)).after(container.ended);
    }

    private Reply remove(Request request, String name) {
        containers.remove(containers.container(name), request.flag("force"));
        return Reply.nothing(204);
    }

    /** The log, in the frames by which standard output and error are told apart. */
    private Reply logs(String name) {
        byte[] log = containers.container(name).log.toByteArray();
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        if (log.length > 0) {
            framed.writeBytes(
                    ByteBuffer.allocate(8).put((byte) 1).putInt(4, log.length).array());
            framed.writeBytes(log);
        }
        return Reply.bytes(200, "application/vnd.docker.raw-stream", framed.toByteArray());
    }

    private Reply putArchive(Request request, String name) {
        FakeContainer container = containers.container(name);
        String directory = request.query("path", "/");
        Tar.read(request.body()).forEach((file, content) -> container.files.put(path(directory, file), content));
        return Reply.nothing(200);
    }

    private Reply archive(Request request, String name, boolean withContent) {
        FakeContainer container = containers.container(name);
        String path = path(request.query("path", "/"), "");
        byte[] content = container.files.get(path);
        if (content == null) {
            throw new EngineError(404, "Could not find the file " + path + " in container " + name);
        }
        String file = path.substring(path.lastIndexOf('/') + 1);
        String stat = Json.write(Json.object(
                "name",
                file,
                "size",
                content.length,
                "mode",
                420,
                "mtime",
                core.now().toString(),
                "linkTarget",
                ""));
        return Reply.bytes(200, "application/x-tar", withContent ? Tar.write(file, content) : new byte[0])
                .with(
                        "X-Docker-Container-Path-Stat",
                        Base64.getEncoder().encodeToString(stat.getBytes(StandardCharsets.UTF_8)));
    }

    private static String path(String directory, String file) {
        String path = ("/" + directory + "/" + file).replace("/./", "/").replaceAll("/+", "/");
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
