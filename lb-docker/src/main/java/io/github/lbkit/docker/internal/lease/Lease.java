package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.container.Labels;
import io.github.lbkit.docker.internal.container.Ownership;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.internal.engine.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change a pool's containers: a container under a fixed name that is never started. Making it is atomic,
 * since names are unique. A file in it holds a counter, which rises as long as its holder lives, and the state of the pool
 * for the next owner; a second file is written by those who wait for the lease. The container is made of an empty image of
 * its own, so that it depends on no image of an application. Thread-safe; every method but the accessors blocks.
 */
public final class Lease implements Ownership {
    private static final String IMAGE = "lbkit-lease:1";
    private static final String FILE = "lbkit-lease";
    private static final String WAITING = "lbkit-waiting";
    private static final String RELEASED = "released";
    private static final Duration BUILD = Duration.ofMinutes(1);
    private static final int TAR_BLOCK = 512;
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final Engine engine;
    private final Images images;
    private final DockerOptions options;
    private final String name;
    private final String pool;
    private final String me;

    /** The id of the lease while it is held; guarded by this. */
    private @Nullable String held;

    private boolean lost;
    private long counter;

    /** The state of the pool that was kept last; written by whoever keeps or inherits it, read by all. */
    private volatile Optional<PoolState> state = Optional.empty();

    private String waiting = "";
    private long waitingSinceNanos;

    /**
     * What another process holds, or has left. Immutable.
     *
     * @param configured what its holder is configured with
     * @param content the counter and the state
     * @param state the state of the pool; empty if none was kept
     */
    record Foreign(String id, String holder, String configured, String content, Optional<PoolState> state) {
        /** The desired servers, as far as the holder has said. */
        List<String> desired() {
            return state.map(PoolState::desired).orElse(List.of());
        }

        /** Whether the holder has given the lease back and left the state of the pool in it. */
        boolean isReleased() {
            return content.startsWith(RELEASED);
        }

        /** Whether the holder is known to have ended without giving the lease back. */
        boolean isOrphan() {
            return Lease.isGone(holder);
        }
    }

    Lease(Engine engine, Images images, DockerOptions options, String pool, String me) {
        this.engine = engine;
        this.images = images;
        this.options = options;
        this.pool = pool;
        this.me = me;
        name = "lbkit-lease." + pool;
    }

    public Engine engine() {
        return engine;
    }

    public Images images() {
        return images;
    }

    public String pool() {
        return pool;
    }

    /** What this process is configured with. */
    public String configured() {
        return options.hash();
    }

    public String me() {
        return me;
    }

    /**
     * Takes the lease if nobody has it, or returns who has. Takes it from a process that is known to be gone, or has given it
     * back, and inherits the state that it left.
     */
    Optional<Foreign> acquire() {
        Optional<Foreign> foreign = tryToAcquire();
        boolean orphan =
                foreign.filter(found -> found.isReleased() || found.isOrphan()).isPresent();
        if (orphan) {
            inherit(foreign.get().state());
            remove(foreign.get().id());
            return tryToAcquire();
        }
        return foreign;
    }

    private static boolean isGone(String holder) {
        return ProcessIdentity.parse(holder).filter(ProcessIdentity::isGone).isPresent();
    }

    /** Takes over the state that an earlier owner left, if it left one. */
    void inherit(Optional<PoolState> left) {
        if (left.isPresent()) {
            state = left;
        }
    }

    private Optional<Foreign> tryToAcquire() {
        for (int i = 0; i < 3; i++) {
            try {
                String id = engine.ask(EngineCall.post("/containers/create?name=" + name, body(image())))
                        .at("Id")
                        .text()
                        .orElseThrow();
                synchronized (this) {
                    held = id;
                    lost = false;
                }
                return Optional.empty();
            } catch (EngineException.Conflict taken) {
                Optional<Foreign> foreign = look();
                if (foreign.isPresent()) {
                    return foreign;
                }
                // it went between the two calls, or is ours and the first answer was lost
                if (isHeld()) {
                    return Optional.empty();
                }
            }
        }
        throw new EngineException.Failed(
                "the lease of pool " + pool + " comes and goes: look for containers named " + name);
    }

    /** The empty image of leases; where none can be made, for want of permission, the application's image serves. */
    private String image() {
        if (images.id(IMAGE).isPresent()) {
            return IMAGE;
        }
        byte[] tar = tar("Dockerfile", "FROM scratch\nLABEL " + Labels.LEASE + "=image\n");
        try {
            images.build(IMAGE, () -> new ByteArrayInputStream(tar), BUILD, line -> {});
            return IMAGE;
        } catch (EngineException refused) {
            LOG.warn(
                    "pool {}: the image {} of leases cannot be made, so that the lease depends on image {}: {}",
                    pool,
                    IMAGE,
                    options.image(),
                    refused.getMessage());
            images.ensure(options);
            return options.image();
        }
    }

    private Json body(String image) {
        Map<String, String> labels = new TreeMap<>(options.labels());
        labels.put(Labels.LEASE, pool);
        labels.put(Labels.CREATOR, me);
        labels.put(Labels.CONFIGURED, configured());
        return Json.of(Map.of(
                "Image",
                image,
                "Cmd",
                List.of("a lease is never started"),
                "Labels",
                labels,
                "HostConfig",
                Map.of("NetworkMode", "none")));
    }

    /** Who holds it, and how far it has counted; empty if nobody does, or this process. */
    Optional<Foreign> look() {
        Json inspected;
        try {
            inspected = engine.ask(EngineCall.get("/containers/" + name + "/json"));
        } catch (EngineException.NotFound none) {
            return Optional.empty();
        }
        String id = inspected.at("Id").text("");
        Json labels = inspected.at("Config", "Labels");
        String holder = labels.at(Labels.CREATOR).text("");
        if (holder.equals(me)) {
            synchronized (this) {
                held = id;
            }
            return Optional.empty();
        }
        String content = content(id, FILE);
        return Optional.of(new Foreign(id, holder, labels.at(Labels.CONFIGURED).text(""), content, state(content)));
    }

    private Optional<PoolState> state(String content) {
        int line = content.indexOf('\n');
        if (line < 0 || line == content.length() - 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(PoolState.parse(content.substring(line + 1)));
        } catch (IllegalArgumentException e) {
            LOG.warn("pool {}: the state in the lease is of no use: {}", pool, e.getMessage());
            return Optional.empty();
        }
    }

    private String content(String id, String file) {
        try {
            byte[] tar = engine.bytes(EngineCall.get("/containers/" + id + "/archive?path=/" + file));
            return tar.length < TAR_BLOCK
                    ? ""
                    : new String(tar, TAR_BLOCK, tar.length - TAR_BLOCK, StandardCharsets.UTF_8)
                            .replaceFirst("\0[\\s\\S]*", "");
        } catch (EngineException.NotFound noneYet) {
            return "";
        }
    }

    private void write(String id, String file, String content) {
        engine.bytes(EngineCall.put("/containers/" + id + "/archive?path=/", tar(file, content)));
    }

    /** An archive of this file alone. */
    private static byte[] tar(String file, String content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(bytes)) {
            tar.file(file, 0644, content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Counts on, keeps the state of the pool, and looks whether anybody waits. */
    void renew() {
        String id = requireHeld();
        long count;
        synchronized (this) {
            count = ++counter;
        }
        try {
            write(id, FILE, count + "\n" + state.map(PoolState::text).orElse(""));
        } catch (EngineException.NotFound gone) {
            throw lose("it was removed");
        }
        require();
        noteWhoWaits(content(id, WAITING));
    }

    private synchronized void noteWhoWaits(String newest) {
        if (!newest.equals(waiting)) {
            waiting = newest;
            waitingSinceNanos = engine.clock().nanoTime();
        }
    }

    /** Says to the holder of this lease that this process waits for it; again with another count as long as it does. */
    void await(String id, long count) {
        try {
            write(id, WAITING, me + "\n" + count);
        } catch (EngineException.NotFound gone) {
            LOG.debug("the lease {} is gone", id);
        }
    }

    /** The process that waits for the lease, if one has said so within this time and is not known to be gone. */
    synchronized Optional<String> waiting(Duration within) {
        return waiting.isEmpty() || engine.clock().nanoTime() - waitingSinceNanos > within.toNanos()
                ? Optional.empty()
                : waiting.lines().findFirst().filter(who -> !isGone(who));
    }

    @Override
    public Optional<PoolState> state() {
        return state;
    }

    @Override
    public void keep(Optional<PoolState> newest) {
        state = newest;
        renew();
    }

    /** Removes a lease that its holder has left behind. */
    void remove(String id) {
        try {
            engine.bytes(EngineCall.delete("/containers/" + id + "?force=1&v=1"));
        } catch (EngineException.NotFound | EngineException.Conflict gone) {
            // somebody was faster
        }
    }

    @Override
    public void require() {
        String id = requireHeld();
        Json inspected;
        try {
            inspected = engine.ask(EngineCall.get("/containers/" + name + "/json"));
        } catch (EngineException.NotFound gone) {
            throw lose("it was removed");
        }
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

    private synchronized IllegalStateException lose(String how) {
        held = null;
        lost = true;
        return new IllegalStateException("the lease of pool " + pool + " (container " + name + ") was lost: " + how);
    }

    synchronized boolean isHeld() {
        return held != null;
    }

    @Override
    public synchronized boolean lost() {
        return lost;
    }

    /** Gives it back, so that the next owner need not wait; a state that was kept stays in it. */
    void release() {
        String id;
        synchronized (this) {
            id = held;
            held = null;
        }
        if (id == null) {
            return;
        }
        Optional<PoolState> left = state;
        if (left.isEmpty()) {
            remove(id);
            return;
        }
        try {
            write(id, FILE, RELEASED + "\n" + left.get().text());
        } catch (EngineException.NotFound gone) {
            LOG.warn("pool {}: the lease was removed, the next owner will not know the state of the pool", pool);
        }
    }
}
