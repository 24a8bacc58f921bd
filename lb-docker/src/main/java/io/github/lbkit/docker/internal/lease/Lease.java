package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.container.Labels;
import io.github.lbkit.docker.internal.container.Ownership;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive right to change a pool's containers, held as a {@link LeaseContainer}. One file in the container has a
 * counter, which rises while the holder lives, and the state of the pool for the next owner. A second file is written
 * by processes that wait for the lease. Thread-safe; every method except the accessors blocks.
 */
final class Lease implements Ownership {
    private static final String STATE_FILE = "lbkit-lease";
    private static final String WAITING_FILE = "lbkit-waiting";
    private static final int ATTEMPTS = 3;
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final Scheduler clock;
    private final LeaseContainer container;
    private final String pool;
    private final String me;
    private final String configuredHash;

    /** The id of the lease's container while this process holds the lease; guarded by this. */
    private @Nullable String held;

    private boolean lost;
    private long counter;

    /** The state of the pool that was stored or inherited last; written on the engine's threads, read by all. */
    private volatile Optional<PoolState> state = Optional.empty();

    /** The content of the waiting file and the time at which it changed; guarded by this. */
    private String waiting = "";

    private long waitingSinceNanos;

    /**
     * Creates a lease that is not held yet.
     *
     * @param me the identity of this process
     */
    Lease(Engine engine, Images images, DockerOptions options, String pool, String me) {
        clock = engine.clock();
        container = new LeaseContainer(engine, images, options, pool, me);
        this.pool = pool;
        this.me = me;
        configuredHash = options.hash();
    }

    @Override
    public String configuredHash() {
        return configuredHash;
    }

    @Override
    public String creator() {
        return me;
    }

    /**
     * Takes the lease if it is free; otherwise returns the lease of the other holder. A lease that was released, or
     * whose holder is known to have ended, is free; its state is inherited.
     */
    Optional<ForeignLease> acquire() {
        Optional<ForeignLease> foreign = tryToAcquire();
        boolean free =
                foreign.filter(found -> found.isReleased() || found.isOrphan()).isPresent();
        if (free) {
            inherit(foreign.get().state());
            remove(foreign.get().id());
            return tryToAcquire();
        }
        return foreign;
    }

    /** Takes over the state that an earlier owner has stored, if there is one. */
    void inherit(Optional<PoolState> stored) {
        if (stored.isPresent()) {
            state = stored;
        }
    }

    private Optional<ForeignLease> tryToAcquire() {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                String id = container.create();
                synchronized (this) {
                    held = id;
                    lost = false;
                }
                return Optional.empty();
            } catch (EngineException.Conflict taken) {
                Optional<ForeignLease> foreign = read();
                if (foreign.isPresent()) {
                    return foreign;
                }
                // the lease was removed between the two calls, or it is ours and the first response was lost
                if (isHeld()) {
                    return Optional.empty();
                }
            }
        }
        throw new EngineException.Failed("the lease of pool " + pool
                + " is created and removed repeatedly: look for containers named " + container.name());
    }

    /** Reads the lease of another process; empty if there is no lease or this process holds it. */
    Optional<ForeignLease> read() {
        Optional<Json> inspected = container.inspect();
        if (inspected.isEmpty()) {
            return Optional.empty();
        }
        String id = inspected.get().at("Id").text("");
        Json labels = inspected.get().at("Config", "Labels");
        String holder = labels.at(Labels.CREATOR).text("");
        if (holder.equals(me)) {
            synchronized (this) {
                held = id;
            }
            return Optional.empty();
        }
        String content = container.read(id, STATE_FILE);
        return Optional.of(
                new ForeignLease(id, holder, labels.at(Labels.CONFIGURED).text(""), content, parseState(content)));
    }

    private Optional<PoolState> parseState(String content) {
        int line = content.indexOf('\n');
        if (line < 0 || line == content.length() - 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(PoolState.parse(content.substring(line + 1)));
        } catch (IllegalArgumentException e) {
            LOG.warn("pool {}: the state in the lease is invalid and ignored: {}", pool, e.getMessage());
            return Optional.empty();
        }
    }

    /** Increments the counter, stores the state of the pool, and reads which process waits for the lease. */
    void renew() {
        String id = requireHeld();
        long count;
        synchronized (this) {
            count = ++counter;
        }
        try {
            container.write(
                    id, STATE_FILE, count + "\n" + state.map(PoolState::text).orElse(""));
        } catch (EngineException.NotFound gone) {
            throw lose("it was removed");
        }
        require();
        updateWaiting(container.read(id, WAITING_FILE));
    }

    private synchronized void updateWaiting(String newest) {
        if (!newest.equals(waiting)) {
            waiting = newest;
            waitingSinceNanos = clock.nanoTime();
        }
    }

    /**
     * Registers this process as waiting for a lease.
     *
     * @param id the container of the lease
     * @param count a number that differs from the previous call's, which shows that this process still waits
     */
    void await(String id, long count) {
        try {
            container.write(id, WAITING_FILE, me + "\n" + count);
        } catch (EngineException.NotFound gone) {
            LOG.debug("the lease {} is gone", id);
        }
    }

    /**
     * Returns the process that waits for the lease, if it has registered within this time and is not known to have
     * ended.
     */
    synchronized Optional<String> waiting(Duration within) {
        return waiting.isEmpty() || clock.nanoTime() - waitingSinceNanos > within.toNanos()
                ? Optional.empty()
                : waiting.lines().findFirst().filter(process -> !ProcessIdentity.hasEnded(process));
    }

    @Override
    public Optional<PoolState> state() {
        return state;
    }

    @Override
    public void store(Optional<PoolState> newest) {
        state = newest;
        renew();
    }

    /** Removes a lease that its holder has left behind. */
    void remove(String id) {
        container.remove(id);
    }

    @Override
    public void require() {
        String id = requireHeld();
        Json inspected = container.inspect().orElseThrow(() -> lose("it was removed"));
        if (!inspected.at("Id").text("").equals(id)) {
            throw lose("now held by "
                    + inspected.at("Config", "Labels", Labels.CREATOR).text("someone"));
        }
    }

    private synchronized String requireHeld() {
        if (held == null) {
            throw new IllegalStateException("this process does not hold the lease of pool " + pool);
        }
        return held;
    }

    private synchronized IllegalStateException lose(String reason) {
        held = null;
        lost = true;
        return new IllegalStateException(
                "the lease of pool " + pool + " (container " + container.name() + ") was lost: " + reason);
    }

    synchronized boolean isHeld() {
        return held != null;
    }

    @Override
    public synchronized boolean lost() {
        return lost;
    }

    /** Releases the lease, so that the next owner need not wait. A stored state stays in the lease. */
    void release() {
        String id;
        synchronized (this) {
            id = held;
            held = null;
        }
        if (id == null) {
            return;
        }
        Optional<PoolState> stored = state;
        if (stored.isEmpty()) {
            remove(id);
            return;
        }
        try {
            container.write(
                    id, STATE_FILE, ForeignLease.RELEASED + "\n" + stored.get().text());
        } catch (EngineException.NotFound gone) {
            LOG.warn(
                    "pool {}: the lease was removed, so that the next owner will not know the state of the pool", pool);
        }
    }
}
