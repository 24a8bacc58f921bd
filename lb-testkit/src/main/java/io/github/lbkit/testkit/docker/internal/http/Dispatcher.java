package io.github.lbkit.testkit.docker.internal.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A router from calls to their handlers, which run one at a time under the engine's lock. Thread-safe. */
public final class Dispatcher {
    private final ReentrantLock lock;
    private final ApiVersions versions;
    private final List<Route> routes = new ArrayList<>();

    /** All calls in order of arrival; guarded by the lock. */
    private final List<String> received = new ArrayList<>();

    /** A handler of one kind of call. */
    public interface Handler {
        /**
         * Handles one call.
         *
         * @param subject the part of the path that {@code *} matched; empty if the path has none
         */
        Response handle(Request request, String subject);
    }

    private record Route(String method, Pattern path, Handler handler) {}

    /** Creates a dispatcher without handlers. */
    public Dispatcher(ReentrantLock lock, ApiVersions versions) {
        this.lock = lock;
        this.versions = versions;
    }

    /** Registers the handler of this method and path; {@code *} in the path matches the subject of the call. */
    public Dispatcher on(String method, String path, Handler handler) {
        String pattern = path.replace(".", "\\.").replace("*", "(?<subject>.+)");
        routes.add(new Route(method, Pattern.compile(pattern), handler));
        return this;
    }

    /** Returns all calls received so far, each as {@code METHOD /path}. */
    public List<String> received() {
        lock.lock();
        try {
            return List.copyOf(received);
        } finally {
            lock.unlock();
        }
    }

    /** Runs the handler of a call; an unknown call is answered with 404. */
    public Response handle(Request request) {
        lock.lock();
        try {
            received.add(request.call());
            request.version().ifPresent(versions::check);
            for (Route route : routes) {
                Matcher path = route.path().matcher(request.path());
                if (route.method().equals(request.method()) && path.matches()) {
                    String subject = route.path().pattern().contains("(?<subject>") ? path.group("subject") : "";
                    return route.handler().handle(request, subject);
                }
            }
            return Response.error(404, "page not found");
        } catch (EngineError e) {
            return Response.error(e.status(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return Response.error(500, "the fake engine failed: " + e);
        } finally {
            lock.unlock();
        }
    }
}
