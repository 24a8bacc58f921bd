package io.github.lbkit.docker.internal.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.docker.EngineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Docker engine, as far as pools talk to one. Thread-safe. Opening it connects to nothing; an engine that is not there
 * makes calls fail, and calls succeed again when it is.
 *
 * <p>{@link #ask} and its like block, each up to its own deadline whatever the engine does, and throw {@link
 * EngineException}; they belong on the threads of {@link #run}. A call whose connection breaks is sent again: the first
 * ones after the engine was restarted meet connections that it does not know any more.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int LANES = 8;

    private final EngineAddress address;
    private final EngineFailures failures;
    private final EngineConnections wire;
    private final CallThreads lanes;
    private final Scheduler clock;
    private final Runtimes runtimes;
    private final String name;

    /** Written by whoever asked for it first, forgotten when a connection breaks: it may be another engine then. */
    private volatile @Nullable ApiVersion version;

    /** Written with the version. */
    private volatile boolean podman;

    private Engine(EngineAddress address, Runtimes runtimes, String name) {
        this.address = address;
        this.runtimes = runtimes;
        this.name = name;
        failures = new EngineFailures(address);
        wire = new EngineConnections(address);
        lanes = new CallThreads(runtimes, name + "-call", LANES);
        clock = runtimes.scheduler(name + "-clock");
    }

    /**
     * The engine at this address.
     *
     * @param name what its threads are called
     */
    public static Engine open(EngineAddress address, Runtimes runtimes, String name) {
        return new Engine(address, runtimes, name);
    }

    /** Where it listens. */
    public EngineAddress address() {
        return address;
    }

    /** Time and delays for whatever deals with this engine; its tasks must not block. */
    public Scheduler clock() {
        return clock;
    }

    /** Runs what calls this engine on one of its threads. */
    public <T> CompletionStage<T> run(Supplier<T> work) {
        return lanes.run(work);
    }

    /** The answer; absent if there is none in it. */
    public Json ask(EngineCall call) {
        byte[] body = bytes(call);
        try {
            return Json.parse(body);
        } catch (IOException e) {
            throw failures.broken(call, e);
        }
    }

    /** The answer as it is. */
    public byte[] bytes(EngineCall call) {
        return send(call, InputStream::readAllBytes);
    }

    /** Tells each line of the answer as it comes; returns when there is no more. */
    public void lines(EngineCall call, Consumer<Json> line) {
        send(call, body -> {
            readLines(body, line);
            return call;
        });
    }

    /**
     * Follows the engine's events until they are closed.
     *
     * @param filters in the form of the engine's API, such as {@code {"type":["container"]}}
     */
    public EngineEvents events(Json filters, EngineListener listener) {
        EngineEvents events = new EngineEvents(this, runtimes.scheduler(name + "-events"), filters, listener);
        events.begin();
        return events;
    }

    /** The version of the API that is spoken with it, such as {@code 1.41}. */
    public String apiVersion() {
        return version().toString();
    }

    /** Whether it is Podman, whose answers differ from Docker's in places. Blocks if it has not been talked to yet. */
    public boolean isPodman() {
        var unused = version();
        return podman;
    }

    /** Opens an answer that has no end; the caller ends it. The deadline is for its head alone. */
    DockerHttpClient.Response open(EngineCall call) {
        String path = version().path(call.path());
        try (CallDeadline guard = new CallDeadline(clock, call.within())) {
            try {
                return checked(call, wire.send(call, path, true), guard);
            } catch (RuntimeException | IOException e) {
                throw failure(call, guard, e);
            }
        }
    }

    static void readLines(InputStream body, Consumer<Json> line) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        for (String text; (text = reader.readLine()) != null; ) {
            if (!text.isBlank()) {
                line.accept(Json.parse(text));
            }
        }
    }

    private <T> T send(EngineCall call, Answer<T> answer) {
        return persistently(call, left -> exchange(call, version().path(call.path()), left, answer));
    }

    /**
     * Tries again as long as connections break and there is time. Each try that meets a connection of the past uses it up;
     * there may be as many of those as there are threads.
     */
    private <T> T persistently(EngineCall call, Function<Duration, T> attempt) {
        long deadline = clock.nanoTime() + call.within().toNanos();
        for (int broken = 0; ; broken++) {
            long left = deadline - clock.nanoTime();
            try {
                return attempt.apply(Duration.ofNanos(Math.max(1, left)));
            } catch (EngineException.Broken e) {
                if (broken == LANES || deadline - clock.nanoTime() <= 0) {
                    throw e;
                }
                LOG.debug("once more: {}", e.getMessage());
            }
        }
    }

    private ApiVersion version() {
        ApiVersion known = version;
        if (known == null) {
            EngineCall call = EngineCall.get("/version");
            Answer<Json> json = body -> Json.parse(body.readAllBytes());
            Json said = persistently(call, left -> exchange(call, call.path(), left, json));
            known = ApiVersion.negotiate(said, address);
            podman = said.at("Components").elements().stream()
                    .anyMatch(one -> one.at("Name").text("").startsWith("Podman"));
            version = known;
        }
        return known;
    }

    /** What is made of an answer's body. */
    private interface Answer<T> {
        T read(InputStream body) throws IOException;
    }

    private <T> T exchange(EngineCall call, String path, Duration left, Answer<T> answer) {
        try (CallDeadline guard = new CallDeadline(clock, left)) {
            try (DockerHttpClient.Response response = checked(call, wire.send(call, path, false), guard)) {
                return answer.read(response.getBody());
            } catch (RuntimeException | IOException e) {
                throw failure(call, guard, e);
            }
        }
    }

    private DockerHttpClient.Response checked(EngineCall call, DockerHttpClient.Response response, CallDeadline guard)
            throws IOException {
        guard.answering(response::close);
        if (response.getStatusCode() < 400) {
            return response;
        }
        try (response) {
            throw failures.refused(
                    call, response.getStatusCode(), response.getBody().readAllBytes());
        }
    }

    private EngineException failure(EngineCall call, CallDeadline guard, Exception e) {
        if (guard.expired()) {
            version = null;
            return failures.late(call);
        } else if (e instanceof EngineException known) {
            return known;
        }
        version = null;
        return failures.broken(call, e);
    }

    /** Ends calls, events and threads. Again: nothing happens. */
    @Override
    public void close() {
        lanes.close();
        clock.close();
        wire.close();
    }
}
