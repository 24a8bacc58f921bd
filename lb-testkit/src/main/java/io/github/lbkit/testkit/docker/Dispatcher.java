package io.github.lbkit.testkit.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which call is whose, and one at a time: every call is handled under the engine's lock. Thread-safe. */
final class Dispatcher {
    private final ReentrantLock lock;
    private final EngineVersion version;
    private final List<Route> routes = new ArrayList<>();

    /** What was asked, in order; guarded by the lock. */
    private final List<String> asked = new ArrayList<>();

    /** Handles one call; the argument is what stood in the path for {@code *}, or empty. */
    interface Handler {
        Reply handle(Request request, String subject);
    }

    private record Route(String method, Pattern path, Handler handler) {}

    Dispatcher(ReentrantLock lock, EngineVersion version) {
        this.lock = lock;
        this.version = version;
    }

    /** Calls of this method and path are this handler's; {@code *} in the path stands for the subject of the call. */
    Dispatcher on(String method, String path, Handler handler) {
        String pattern = path.replace(".", "\\.").replace("*", "(?<subject>.+)");
        routes.add(new Route(method, Pattern.compile(pattern), handler));
        return this;
    }

    /** What was asked so far, as {@code METHOD /path}. */
    List<String> asked() {
        lock.lock();
        try {
            return List.copyOf(asked);
        } finally {
            lock.unlock();
        }
    }

    Reply handle(Request request) {
        lock.lock();
        try {
            asked.add(request.call());
            request.version().ifPresent(this::check);
            for (Route route : routes) {
                Matcher path = route.path().matcher(request.path());
                if (route.method().equals(request.method()) && path.matches()) {
                    String subject = route.path().pattern().contains("(?<subject>") ? path.group("subject") : "";
                    return route.handler().handle(request, subject);
                }
            }
            return Reply.error(404, "page not found");
        } catch (EngineError e) {
            return Reply.error(e.status(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return Reply.error(500, "the fake engine failed: " + e);
        } finally {
            lock.unlock();
        }
    }

    private void check(String asked) {
        int number = EngineVersion.number(asked);
        if (number > version.newest()) {
            throw new EngineError(
                    400, "client version " + asked + " is too new. Maximum supported API version is " + version.api());
        }
        if (number < version.oldest()) {
            throw new EngineError(
                    400,
                    "client version " + asked + " is too old. Minimum supported API version is " + version.minApi()
                            + ", please upgrade your client to a newer version");
        }
    }
}
