package io.github.lbkit.testkit.docker;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.testkit.docker.internal.container.ContainerCalls;
import io.github.lbkit.testkit.docker.internal.container.ContainerJson;
import io.github.lbkit.testkit.docker.internal.container.EngineContainers;
import io.github.lbkit.testkit.docker.internal.container.EngineImages;
import io.github.lbkit.testkit.docker.internal.container.ImageCalls;
import io.github.lbkit.testkit.docker.internal.container.NetworkCalls;
import io.github.lbkit.testkit.docker.internal.container.Networks;
import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.engine.SystemCalls;
import io.github.lbkit.testkit.docker.internal.http.ApiVersions;
import io.github.lbkit.testkit.docker.internal.http.Dispatcher;
import io.github.lbkit.testkit.docker.internal.http.Faults;
import io.github.lbkit.testkit.docker.internal.http.HttpServer;
import io.github.lbkit.testkit.docker.internal.swarm.Swarm;
import io.github.lbkit.testkit.docker.internal.swarm.SwarmCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine in memory. It listens on a unix socket, a port of 127.0.0.1, or both, and implements the part of the
 * Docker API that pools use. Its containers are HTTP listeners on addresses in 127.0.0.0/8 that answer every request
 * with the name of the container. Tests of pools run with it on machines without Docker, and inject faults that are
 * rare in a real engine: {@link #faults}.
 *
 * <pre>{@code
 * try (FakeEngine engine = FakeEngine.builder().tcp().start()) {
 *     engine.containers().run(ContainerSpec.named("web-1").label("lbkit.pool", "shop").publishing(8080));
 *     … a pool of DOCKER_HOST = engine.host() …
 *     engine.containers().kill("web-1");
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Calls: ping, version, info, events, containers (create, list, inspect, start, stop, restart, kill, pause,
 *       unpause, rename, wait, remove, logs, files in and out), images (list, inspect, build, pull, tag, remove),
 *       networks, and a swarm's nodes, services and tasks. Any other call is answered with status 404.
 *   <li>It runs no program: the files, log and image of a container are what a client has put there. Its behaviour was
 *       compared with a real engine by the same tests on both.
 *   <li>Each container has a loopback address of its own on each network. Linux accepts all of 127.0.0.0/8; other
 *       systems may not.
 * </ul>
 *
 * <p>Thread-safe; its threads are daemons and end with {@link #close}.
 */
public final class FakeEngine implements AutoCloseable {
    /** An image that every engine has; its containers serve. */
    public static final String IMAGE = "lbkit/fake";

    private static final AtomicInteger ENGINES = new AtomicInteger();

    private final HttpServer server;
    private final EngineContext context;
    private final Faults faultState;
    private final EngineFaults faults;
    private final FakeImages images;
    private final FakeContainers containers;
    private final EngineContainers store;
    private final FakeSwarm swarm;
    private final Dispatcher dispatcher;
    private final @Nullable Path socket;
    private final boolean tcp;

    private FakeEngine(Builder builder) {
        int number = ENGINES.incrementAndGet();
        String name = "fake-engine-" + number;
        Scheduler scheduler = builder.runtimes.scheduler(name);
        socket = builder.socket;
        tcp = builder.tcp;
        faultState = new Faults();
        faults = new EngineFaults(faultState, this::cutEvents, this::closeGracefully);
        context = new EngineContext(name, number, scheduler, faultState);
        EngineImages imageStore = new EngineImages(context);
        images = new FakeImages(context, imageStore);
        Networks networks = new Networks(context);
        store = new EngineContainers(context, imageStore, networks);
        containers = new FakeContainers(context, store);
        ApiVersions versions = builder.version.versions();
        dispatcher = new Dispatcher(context.lock, versions);
        Swarm swarmState = new Swarm(context);
        swarm = new FakeSwarm(context, swarmState);
        new SystemCalls(context, versions, store::counts, swarmState::info).addTo(dispatcher);
        new NetworkCalls(context, store, networks).addTo(dispatcher);
        new ContainerCalls(context, store, new ContainerJson(networks, versions)).addTo(dispatcher);
        new ImageCalls(imageStore).addTo(dispatcher);
        new SwarmCalls(swarmState).addTo(dispatcher);
        server = new HttpServer(name, socket, tcp, faultState, dispatcher::handle);
        images.add(IMAGE);
        server.listen();
    }

    /** Returns a builder of an engine; set a socket, TCP or both. */
    public static Builder builder() {
        return new Builder();
    }

    /** The name of the engine, with which the names of all its threads begin. */
    public String name() {
        return context.name;
    }

    /** The address of the engine as a value of {@code DOCKER_HOST}: its unix socket, or else its TCP port. */
    public String host() {
        return socket == null ? tcpHost() : "unix://" + socket;
    }

    /** The TCP address of the engine as a value of {@code DOCKER_HOST}. */
    public String tcpHost() {
        if (!tcp) {
            throw new IllegalStateException("this engine does not listen on TCP; call tcp() on its builder");
        }
        return "tcp://127.0.0.1:" + server.port();
    }

    /** The faults of the engine, for a test to inject. */
    public EngineFaults faults() {
        return faults;
    }

    /** The containers of the engine. */
    public FakeContainers containers() {
        return containers;
    }

    /** The images of the engine. */
    public FakeImages images() {
        return images;
    }

    /** The swarm of the engine, which is inactive until {@link FakeSwarm#init}. */
    public FakeSwarm swarm() {
        return swarm;
    }

    /** Returns all calls received so far as {@code METHOD /path}, without API versions and queries. */
    public List<String> calls() {
        return dispatcher.received();
    }

    /** The number of open connections. */
    public int connections() {
        return server.connections();
    }

    /** The number of connections accepted so far. */
    public int accepted() {
        return server.accepted();
    }

    /** The number of open event streams. */
    public int eventStreams() {
        return context.events.openStreams();
    }

    /** Kills the engine: all connections end, new ones are refused, and containers run on. */
    public void crash() {
        server.stopListening();
        server.closeConnections();
        context.events.endStreams(true);
    }

    /** Kills the engine as {@link #crash} does, and deletes the file of its unix socket. */
    public void vanish() {
        crash();
        server.removeSocket();
    }

    /**
     * Stops the engine in order; its containers end first.
     *
     * @param liveRestore whether containers run on without the engine
     */
    public void stop(boolean liveRestore) {
        if (!liveRestore) {
            context.run(store::endAll);
        }
        context.events.endStreams(false);
        server.stopListening();
        server.closeGracefully();
    }

    /** Starts the engine again on the same socket and port; it has forgotten its events. */
    public void startAgain() {
        context.events.clear();
        server.listen();
    }

    /** Ends the engine, its containers and its threads. A second call has no effect. */
    @Override
    public void close() {
        faultState.close();
        context.events.endStreams(false);
        server.close();
        context.scheduler.close();
        context.http.close();
    }

    private void cutEvents() {
        context.events.endStreams(true);
    }

    private void closeGracefully() {
        server.closeGracefully();
    }

    /** The settings of an engine. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path socket;
        private boolean tcp;
        private EngineVersion version = EngineVersion.V20_10;
        private Runtimes runtimes = Runtimes.system();

        private Builder() {}

        /** Listens on a unix socket with this file; its path may have about 100 characters. */
        public Builder socket(Path file) {
            socket = file;
            return this;
        }

        /** Listens on a free port of 127.0.0.1. */
        public Builder tcp() {
            tcp = true;
            return this;
        }

        /** Sets the versions that the engine reports; {@link EngineVersion#V20_10} by default. */
        public Builder version(EngineVersion value) {
            version = value;
            return this;
        }

        /** Sets the source of time, the system by default. Connections always have threads of their own. */
        public Builder runtimes(Runtimes value) {
            runtimes = value;
            return this;
        }

        /** Starts the engine, which listens when this method returns. */
        public FakeEngine start() {
            if (socket == null && !tcp) {
                throw new IllegalArgumentException("a fake engine needs socket(file), tcp(), or both");
            }
            return new FakeEngine(this);
        }
    }
}
