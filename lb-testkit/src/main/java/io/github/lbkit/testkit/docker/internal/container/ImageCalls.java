package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.http.Dispatcher;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.QueryFilters;
import io.github.lbkit.testkit.docker.internal.http.Request;
import io.github.lbkit.testkit.docker.internal.http.Response;
import io.github.lbkit.testkit.docker.internal.http.Tar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The handlers of the calls about images: list, inspect, build, pull, tag and remove. */
public final class ImageCalls {
    private final EngineImages images;

    /** Creates the handlers. */
    public ImageCalls(EngineImages images) {
        this.images = images;
    }

    /** Registers the handlers. */
    public void addTo(Dispatcher calls) {
        calls.on("GET", "/images/json", (request, none) -> list(request))
                .on("POST", "/images/create", (request, none) -> pull(request))
                .on("POST", "/build", (request, none) -> build(request))
                .on("GET", "/images/*/json", (request, name) -> inspect(name))
                .on("POST", "/images/*/tag", this::tag)
                .on("DELETE", "/images/*", (request, name) -> remove(name));
    }

    private Response list(Request request) {
        QueryFilters filters = new QueryFilters(request.query("filters", ""));
        List<Object> listed = new ArrayList<>();
        images.all().forEach((name, image) -> {
            if (filters.labels(image.labels())
                    && filters.any("reference", wanted -> name.equals(wanted) || name.startsWith(wanted + ":"))) {
                listed.add(view(name, image));
            }
        });
        return Response.json(listed);
    }

    private Response inspect(String name) {
        return Response.json(view(name, images.image(name)));
    }

    private static Map<String, Object> view(String name, EngineImages.Image image) {
        return JsonValues.object(
                "Id", image.id(),
                "RepoTags", List.of(name),
                "Created", 1_767_225_600L,
                "Size", 1_000_000,
                "Labels", image.labels(),
                "Config", JsonValues.object("Labels", image.labels()));
    }

    private Response pull(Request request) {
        String name = request.query("fromImage", "");
        String tag = request.query("tag", "");
        String full = tag.isEmpty() ? name : name + (tag.contains(":") ? "@" : ":") + tag;
        if (!images.pull(full)) {
            throw new EngineError(
                    404,
                    "pull access denied for " + name
                            + ", repository does not exist or may require 'docker login': denied: requested access to"
                            + " the resource is denied");
        }
        return lines(List.of(
                JsonValues.object("status", "Pulling from " + name, "id", tag),
                progress("Downloading", 500),
                progress("Downloading", 1000),
                JsonValues.object("status", "Pull complete", "progressDetail", Map.of(), "id", "f00d"),
                JsonValues.object("status", "Status: Downloaded newer image for " + full)));
    }

    private static Map<String, Object> progress(String status, int bytes) {
        return JsonValues.object(
                "status", status, "progressDetail", JsonValues.object("current", bytes, "total", 1000), "id", "f00d");
    }

    private Response build(Request request) {
        if (!Tar.read(request.body()).containsKey(request.query("dockerfile", "Dockerfile"))) {
            throw new EngineError(
                    500, "Cannot locate specified Dockerfile: " + request.query("dockerfile", "Dockerfile"));
        }
        String name = request.query("t", "");
        Map<String, String> labels =
                new LinkedHashMap<>(JsonValues.strings(JsonValues.parseObject(request.query("labels", ""))));
        EngineImages.Image image =
                images.put(name.isEmpty() ? "<none>:" + request.hashCode() : name, labels, ContainerTraits.SERVING);
        String shortId = image.id().substring("sha256:".length(), "sha256:".length() + 12);
        List<Map<String, Object>> output = new ArrayList<>();
        output.add(JsonValues.object("stream", "Step 1/1 : FROM scratch"));
        output.add(JsonValues.object("stream", "\n"));
        output.add(JsonValues.object("aux", JsonValues.object("ID", image.id())));
        output.add(JsonValues.object("stream", "Successfully built " + shortId + "\n"));
        if (!name.isEmpty()) {
            output.add(JsonValues.object("stream", "Successfully tagged " + name + "\n"));
        }
        return lines(output);
    }

    private Response tag(Request request, String name) {
        String tag = request.query("tag", "");
        images.tag(name, request.query("repo", "") + (tag.isEmpty() ? "" : ":" + tag));
        return Response.empty(201);
    }

    private Response remove(String name) {
        EngineImages.Image image = images.image(name);
        images.remove(image);
        return Response.json(List.of(JsonValues.object("Deleted", image.id())));
    }

    private static Response lines(List<Map<String, Object>> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(JsonValues.write(line)).append("\r\n"));
        return Response.bytes(200, "application/json", text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
