package io.github.lbkit.testkit.docker.internal.engine;

import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.testkit.docker.internal.http.Faults;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The lock, clock, ids, event log and container listeners of one engine. Thread-safe. */
public final class EngineContext {
    /** The lock that guards the state of the whole engine. */
    public final ReentrantLock lock = new ReentrantLock();

    /** The name of the engine, with which the names of all its threads begin. */
    public final String name;

    /** The number of the engine in this JVM, which keeps the addresses of engines apart. */
    public final int number;

    /** The clock and timer of the engine. */
    public final Scheduler scheduler;

    /** The events of the engine. */
    public final EventLog events;

    /** The listeners of the engine's containers. */
    public final LoopbackHttp http;

    /** Guarded by the lock. */
    private long ids;

    /** Creates the context of a new engine. */
    public EngineContext(String name, int number, Scheduler scheduler, Faults faults) {
        this.name = name;
        this.number = number;
        this.scheduler = scheduler;
        this.events = new EventLog(scheduler, faults);
        this.http = new LoopbackHttp(name);
    }

    /** Returns what the work returns, and holds the lock meanwhile. */
    public <T> T call(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs the work and holds the lock meanwhile. */
    public void run(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** The current time of the engine. */
    public Instant now() {
        return scheduler.now();
    }

    /** Returns a new id of 64 hexadecimal digits. */
    public String newId() {
        try {
            byte[] text = (name + " " + ++ids).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns a new id of 25 characters, as Swarm objects have. */
    public String newSwarmId() {
        return newId().substring(0, 25);
    }
}
