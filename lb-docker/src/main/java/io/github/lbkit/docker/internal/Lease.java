package io.github.lbkit.docker.internal;

import io.github.lbkit.docker.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to change a pool's containers: a container under a fixed name that is never started. Making it is atomic,
 * since names are unique; a counter in a file of it rises as long as its holder lives; the file also says which servers
 * are desired. Thread-safe; every method blocks.
 */
final class Lease implements Ownership {
    private static final String FILE = "lbkit-lease";
    private static final int TAR_BLOCK = 512;

    private final Engine engine;
    private final Images images;
    private final ContainerSpec spec;
    private final String name;
    private final String pool;
    private final String me;

    /** The id of the lease while it is held; guarded by this. */
    private @Nullable String held;

    private boolean lost;
    private long counter;

    /** What another process holds. Immutable. */
    record Foreign(String id, String holder, String content, List<String> desired) {}

    Lease(Engine engine, Images images, ContainerSpec spec, String pool, String me) {
        this.engine = engine;
        this.images = images;
        this.spec = spec;
        this.pool = pool;
        this.me = me;
        name = "lbkit-lease." + pool;
    }

    Engine engine() {
        return engine;
    }

    Images images() {
        return images;
    }

    String pool() {
        return pool;
    }

    String me() {
        return me;
    }

    /** Takes the lease if nobody has it, or returns who has. Takes it from a process that is known to be gone. */
    Optional<Foreign> acquire() {
        Optional<Foreign> foreign = tryToAcquire();
        boolean orphan = foreign.flatMap(f -> Holder.parse(f.holder()))
                .filter(Holder::isGone)
                .isPresent();
        if (orphan) {
            remove(foreign.get().id());
            return tryToAcquire();
        }
        return foreign;
    }

    private Optional<Foreign> tryToAcquire() {
        images.ensure(spec.options());
        for (int i = 0; i < 3; i++) {
            try {
                String id = engine.ask(EngineCall.post("/containers/create?name=" + name, body()))
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

    private Json body() {
        Map<String, String> labels = new TreeMap<>(spec.options().labels());
        labels.put(Labels.LEASE, pool);
        labels.put(Labels.CREATOR, me);
        return Json.of(Map.of(
                "Image", spec.options().image(),
                "Cmd", List.of("a lease is never started"),
                "Labels", labels,
                "HostConfig", Map.of("NetworkMode", "none")));
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
        String holder = inspected.at("Config", "Labels", Labels.CREATOR).text("");
        if (holder.equals(me)) {
            synchronized (this) {
                held = id;
            }
            return Optional.empty();
        }
        String content = content(id);
        List<String> lines = content.lines().toList();
        return Optional.of(
                new Foreign(id, holder, content, lines.isEmpty() ? List.of() : lines.subList(1, lines.size())));
    }

    private String content(String id) {
        try {
            byte[] tar = engine.bytes(EngineCall.get("/containers/" + id + "/archive?path=/" + FILE));
            return new String(tar, TAR_BLOCK, tar.length - TAR_BLOCK, StandardCharsets.UTF_8)
                    .replaceFirst("\0[\\s\\S]*", "");
        } catch (EngineException.NotFound noneYet) {
            return "";
        }
    }

    /** Counts on, and says which servers are desired. */
    void renew(Supplier<List<String>> desired) {
        String id = requireHeld();
        long count;
        synchronized (this) {
            count = ++counter;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Tar tar = new Tar(bytes)) {
            String content = count + "\n" + String.join("\n", desired.get());
            tar.file(FILE, 0644, content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory does not fail", e);
        }
        try {
            engine.bytes(EngineCall.put("/containers/" + id + "/archive?path=/", bytes.toByteArray()));
        } catch (EngineException.NotFound gone) {
            throw lose("it was removed");
        }
        require();
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

    /** Gives it back, so that the next owner need not wait. */
    void release() {
        String id;
        synchronized (this) {
            id = held;
            held = null;
        }
        if (id != null) {
            remove(id);
        }
    }
}
