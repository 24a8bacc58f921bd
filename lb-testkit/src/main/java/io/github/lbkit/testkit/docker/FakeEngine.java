package io.github.lbkit.testkit.docker;

import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine in memory: listens on a unix socket, a port of 127.0.0.1, or both, and speaks the small part of the engine's
 * API that pools use. Its containers are HTTP listeners on addresses of 127.0.0.0/8 that answer every request by the
 * container's name. So the contract suites and a pool's own tests run where there is no Docker, and meet faults that a real
 * engine shows once a year: {@link #faults}.
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
 *   <li>Calls: ping, version, info, events, containers (create, list, inspect, start, stop, restart, kill, pause, unpause,
 *       rename, wait, remove, logs, files in and out), images (list, inspect, build, pull, tag, remove), networks, and a swarm's
 *       nodes, services and tasks. Anything else is 404.
 *   <li>It is an imitation: it runs no program, and a container's files, log and image are what a client put there. What it
 *       does was held against a real engine by running the same tests on both.
 *   <li>A container's address on a network is a loopback address of its own, which Linux listens at without further ado.
 * </ul>
 *
 * <p>Thread-safe; its threads are daemons and end with {@link #close}.
 */
public final class FakeEngine implements AutoCloseable {
    /** An image that every engine has from the start; its containers serve. */
    public static final String IMAGE = "lbkit/fake";

    private static final AtomicInteger ENGINES = new AtomicInteger();

    private final Door door;
    private final EngineCore core;
    private final EngineFaults faults;
    private final FakeImages images;
    private final FakeContainers containers;
    private final Containers store;
    private final FakeSwarm swarm;
    private final Dispatcher calls;
    private final @Nullable Path socket;
    private final boolean tcp;

    private FakeEngine(Builder builder) {
        int number = ENGINES.incrementAndGet();
        String name = "fake-engine-" + number;
        Scheduler scheduler = builder.runtimes.scheduler(name);
        socket = builder.socket;
        tcp = builder.tcp;
        faults = new EngineFaults(this::cutEvents, this::dropIdle);
        core = new EngineCore(name, number, scheduler, faults);
        images = new FakeImages(core);
        FakeNetworks networks = new FakeNetworks(core);
        store = new Containers(core, images, networks);
        containers = new FakeContainers(core, store);
        calls = new Dispatcher(core.lock, builder.version);
        Swarm swarmState = new Swarm(core);
        swarm = new FakeSwarm(core, swarmState);
        new SystemCalls(core, builder.version, store, networks, swarmState::info).addTo(calls);
        new ContainerCalls(core, store, new ContainerViews(networks, builder.version)).addTo(calls);
        new ImageCalls(images).addTo(calls);
        new SwarmCalls(swarmState).addTo(calls);
        door = new Door(name, socket, tcp, faults, calls::handle);
        images.add(IMAGE);
        door.open();
    }

    /** An engine that listens nowhere yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Its name, with which the names of all its threads begin. */
    public String name() {
        return core.name;
    }

    /** Where it listens, as {@code DOCKER_HOST} has it: at its unix socket, if it has one. */
    public String host() {
        return socket == null ? tcpHost() : "unix://" + socket;
    }

    /** Where it listens on 127.0.0.1, as {@code DOCKER_HOST} has it. */
    public String tcpHost() {
        if (!tcp) {
            throw new IllegalStateException("this engine was not told to listen on tcp");
        }
        return "tcp://127.0.0.1:" + door.port();
    }

    /** What is wrong with it. */
    public EngineFaults faults() {
        return faults;
    }

    /** Its containers. */
    public FakeContainers containers() {
        return containers;
    }

    /** Its images. */
    public FakeImages images() {
        return images;
    }

    /** The swarm that it is a manager of, if it is one. */
    public FakeSwarm swarm() {
        return swarm;
    }

    /** What was asked of it so far, as {@code METHOD /path}, without versions and queries. */
    public List<String> asked() {
        return calls.asked();
    }

    /** How many connections are open. */
    public int connections() {
        return door.connections();
    }

    /** How many connections were ever accepted. */
    public int accepted() {
        return door.accepted();
    }

    /** How many event streams are open. */
    public int eventStreams() {
        return core.events.listening();
    }

    /** The engine is killed: all connections end, and whoever connects is refused. Containers run on. */
    public void crash() {
        door.shut();
        door.dropAll();
        core.events.endStreams(true);
    }

    /** As {@link #crash}, and the file of the unix socket is gone, too. */
    public void vanish() {
        crash();
        door.vanish();
    }

    /**
     * The engine ends in good order: its containers end first, unless they are to live on.
     *
     * @param liveRestore whether containers live on without the engine
     */
    public void stop(boolean liveRestore) {
        if (!liveRestore) {
            core.run(store::endAll);
        }
        core.events.endStreams(false);
        door.shut();
        door.dropIdle();
    }

    /** The engine begins again, at the same places; it does not remember what it told before. */
    public void startAgain() {
        core.events.forget();
        door.open();
    }

    /** Ends the engine, its containers and its threads. Again: nothing happens. */
    @Override
    public void close() {
        faults.close();
        core.events.endStreams(false);
        door.close();
        core.scheduler.close();
        core.http.close();
    }

    private void cutEvents() {
        core.events.endStreams(true);
    }

    private void dropIdle() {
        door.dropIdle();
    }

    /** The settings of an engine. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path socket;
        private boolean tcp;
        private EngineVersion version = EngineVersion.V20_10;
        private Runtimes runtimes = Runtimes.system();

        private Builder() {}

        /** Listens on a unix socket that is this file; the system allows about 100 characters. */
        public Builder socket(Path file) {
            socket = file;
            return this;
        }

        /** Listens on a free port of 127.0.0.1. */
        public Builder tcp() {
            tcp = true;
            return this;
        }

        /** What it says that it is; {@link EngineVersion#V20_10} by default. */
        public Builder version(EngineVersion value) {
            version = value;
            return this;
        }

        /** Where its time comes from; the system's by default. Connections have threads of their own. */
        public Builder runtimes(Runtimes value) {
            runtimes = value;
            return this;
        }

        /** The engine, which listens when this returns. */
        public FakeEngine start() {
            if (socket == null && !tcp) {
                throw new IllegalArgumentException("a fake engine needs a socket, tcp, or both");
            }
            return new FakeEngine(this);
        }
    }
}
