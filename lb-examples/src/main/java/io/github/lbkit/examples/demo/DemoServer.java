package io.github.lbkit.examples.demo;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The demo server of the runnable balancer, which answers with its id. Thread-safe. */
public final class DemoServer implements AutoCloseable {
    /**
     * The maximum number of clients: above a balancer's {@code connectionsPerServer}, below usual limits of open files.
     */
    private static final int MAX_CLIENTS = 4096;

    private final String id;
    private final Load load;
    private final AtomicLong requests = new AtomicLong();
    private final ReverseProxy http;

    /**
     * The delays and faults of a server, for experiments. Immutable.
     *
     * @param delay the delay before each answer; zero for none
     * @param errorEvery every request with a multiple of this number is answered 500; 0 for none
     * @param strictAssignment whether the heartbeat has an empty body
     */
    public record Load(Duration delay, int errorEvery, boolean strictAssignment) {
        /** No delays and no faults. */
        public static final Load NONE = new Load(Duration.ZERO, 0, false);

        /** Checks the ranges. */
        public Load {
            if (delay.isNegative() || errorEvery < 0) {
                throw new IllegalArgumentException(
                        "delay " + delay + " and error-every " + errorEvery + " are not allowed; allowed: 0 or more");
            }
        }
    }

    private DemoServer(String id, Load load, InetSocketAddress address) throws IOException {
        this.id = id;
        this.load = load;
        this.http = ReverseProxy.builder()
                .name("demo")
                .listen(address)
                .loops(1)
                .limits(Limits.builder().clientConnections(MAX_CLIENTS).build())
                .handlerThreads(load.delay().isZero() ? 2 : 64)
                .route("/home", 0, get(json("{\"message\":\"Hello from Server: %s\",\"status\":\"successful\"}")))
                .route("/heartbeat", 0, get(heartbeat()))
                .route("/hello", 0, get(json("{\"Hello world\":\"Hello from server %s\"}")))
                .fallback(0, request -> LocalResponse.text(404, "not found\n"))
                .start();
    }

    /** Starts a server, which answers requests when this method returns. */
    public static DemoServer start(String id, InetSocketAddress address, Load load) throws IOException {
        return new DemoServer(id, load, address);
    }

    /** The address of the server. */
    public InetSocketAddress address() {
        return http.address();
    }

    /** Stops accepting connections, and waits up to this time for requests in flight. */
    public void stop(Duration within) {
        http.stop(within).toCompletableFuture().join();
    }

    @Override
    public void close() {
        http.close();
    }

    private LocalResponse heartbeat() {
        return load.strictAssignment()
                ? LocalResponse.json(200, "")
                : json("{\"message\":\"Heart beating ~^~\",\"status\":\"successful\"}");
    }

    private LocalResponse json(String template) {
        return LocalResponse.json(
                200, template.replace("%s", id.replace("\\", "\\\\").replace("\"", "\\\"")));
    }

    private LocalHandler get(LocalResponse response) {
        return request -> {
            String method = request.head().method();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                return LocalResponse.text(405, "allowed: GET, HEAD\n").with("Allow", "GET, HEAD");
            }
            return loaded(response);
        };
    }

    private LocalResponse loaded(LocalResponse response) {
        long number = requests.incrementAndGet();
        if (!load.delay().isZero()) {
            long end = System.nanoTime() + load.delay().toNanos();
            for (long left; (left = end - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
        }
        return load.errorEvery() > 0 && number % load.errorEvery() == 0
                ? LocalResponse.text(500, "because of --error-every\n")
                : response;
    }
}
