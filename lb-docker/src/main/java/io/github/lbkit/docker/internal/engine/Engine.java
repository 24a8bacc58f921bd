package io.github.lbkit.docker.internal.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
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
 * A connection to a Docker engine. Opening it makes no call. While the engine is not running calls fail, and they
 * succeed again once it runs. Thread-safe.
 *
 * <p>{@link #ask}, {@link #bytes} and {@link #lines} block up to the timeout of their call and throw {@link
 * EngineException}. Call them on the threads of {@link #run}. A call whose connection breaks is sent again, since after
 * a restart of the engine the pooled connections are broken.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int MAX_THREADS = 8;

    private final EngineAddress address;
    private final EngineFailures failures;
    private final EngineConnections connections;
    private final CallThreads threads;
    private final Scheduler clock;
    private final Runtimes runtimes;
    private final String name;

    /** Written by the first call, cleared when a connection breaks, since another engine may answer afterwards. */
    private volatile @Nullable ApiVersion version;

    /** Written together with the version. */
    private volatile boolean podman;

    private Engine(EngineAddress address, Runtimes runtimes, String name) {
        this.address = address;
        this.runtimes = runtimes;
        this.name = name;
        failures = new EngineFailures(address);
        connections = new EngineConnections(address);
        threads = new CallThreads(runtimes, name + "-call", MAX_THREADS);
        clock = runtimes.scheduler(name + "-clock");
    }

    /**
     * Opens the engine at this address.
     *
     * @param name the prefix of the names of its threads
     */
    public static Engine open(EngineAddress address, Runtimes runtimes, String name) {
        return new Engine(address, runtimes, name);
    }

    /** The engine's address. */
    public EngineAddress address() {
        return address;
    }

    /** The clock and timer for all work with this engine; its tasks must not block. */
    public Scheduler clock() {
        return clock;
    }

    /** Runs work that calls this engine on one of the engine's threads. */
    public <T> CompletionStage<T> run(Supplier<T> work) {
        return threads.run(work);
    }

    /** Sends a call and returns the response as JSON; {@link Json#ABSENT} if the response is empty. */
    public Json ask(EngineCall call) {
        byte[] body = bytes(call);
        try {
            return Json.parse(body);
        } catch (IOException e) {
            throw failures.ofBrokenCall(call, e);
        }
    }

    /** Sends a call and returns the bytes of the response. */
    public byte[] bytes(EngineCall call) {
        return send(call, InputStream::readAllBytes);
    }

    /** Sends a call and passes each line of the response to the consumer; returns at the end of the response. */
    public void lines(EngineCall call, Consumer<Json> line) {
        send(call, body -> {
            readLines(body, line);
            return call;
        });
    }

    /**
     * Follows the engine's events until the result is closed.
     *
     * @param filters the filters in the form of the engine's API, such as {@code {"type":["container"]}}
     */
    public EngineEvents events(Json filters, EngineListener listener) {
        EngineEvents events = new EngineEvents(this, runtimes.scheduler(name + "-events"), filters, listener);
        events.start();
        return events;
    }

    /** Returns the version of the API in use, such as {@code 1.41}. Blocks before the first call. */
    public String apiVersion() {
        return version().toString();
    }

    /** Returns true if the engine is Podman, some of whose responses differ. Blocks before the first call. */
    public boolean isPodman() {
        var unused = version();
        return podman;
    }

    /** Opens a response without an end, which the caller closes. The timeout applies to the response head only. */
    DockerHttpClient.Response open(EngineCall call) {
        String path = version().path(call.path());
        try (CallDeadline deadline = new CallDeadline(clock, call.timeout())) {
            try {
                return checked(call, connections.send(call, path, true), deadline);
            } catch (RuntimeException | IOException e) {
                throw failure(call, deadline, e);
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

    private <T> T send(EngineCall call, BodyReader<T> reader) {
        return sendWithRetries(call, left -> exchange(call, version().path(call.path()), left, reader));
    }

    /**
     * Repeats a call while its connection breaks and time is left. Each attempt may use up one stale connection, and
     * there are at most as many of these as threads.
     */
    private <T> T sendWithRetries(EngineCall call, Function<Duration, T> attempt) {
        long deadline = clock.nanoTime() + call.timeout().toNanos();
        for (int broken = 0; ; broken++) {
            long left = deadline - clock.nanoTime();
            try {
                return attempt.apply(Duration.ofNanos(Math.max(1, left)));
            } catch (EngineException.Broken e) {
                if (broken == MAX_THREADS || deadline - clock.nanoTime() <= 0) {
                    throw e;
                }
                LOG.debug("sending again: {}", e.getMessage());
            }
        }
    }

    private ApiVersion version() {
        ApiVersion known = version;
        if (known == null) {
            EngineCall call = EngineCall.get("/version");
            BodyReader<Json> json = body -> Json.parse(body.readAllBytes());
            Json answer = sendWithRetries(call, left -> exchange(call, call.path(), left, json));
            known = ApiVersion.negotiate(answer, address);
            podman = answer.at("Components").elements().stream()
                    .anyMatch(component -> component.at("Name").text("").startsWith("Podman"));
            version = known;
        }
        return known;
    }

    /** A reader of a response body. */
    private interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }

    private <T> T exchange(EngineCall call, String path, Duration left, BodyReader<T> reader) {
        try (CallDeadline deadline = new CallDeadline(clock, left)) {
            try (DockerHttpClient.Response response = checked(call, connections.send(call, path, false), deadline)) {
                return reader.read(response.getBody());
            } catch (RuntimeException | IOException e) {
                throw failure(call, deadline, e);
            }
        }
    }

    private DockerHttpClient.Response checked(
            EngineCall call, DockerHttpClient.Response response, CallDeadline deadline) throws IOException {
        deadline.onExpiry(response::close);
        if (response.getStatusCode() < 400) {
            return response;
        }
        try (response) {
            throw failures.ofStatus(
                    call, response.getStatusCode(), response.getBody().readAllBytes());
        }
    }

    private EngineException failure(EngineCall call, CallDeadline deadline, Exception e) {
        if (deadline.expired()) {
            version = null;
            return failures.ofTimeout(call);
        } else if (e instanceof EngineException known) {
            return known;
        }
        version = null;
        return failures.ofBrokenCall(call, e);
    }

    /** Ends calls, connections and threads. Idempotent. */
    @Override
    public void close() {
        threads.close();
        clock.close();
        connections.close();
    }
}
