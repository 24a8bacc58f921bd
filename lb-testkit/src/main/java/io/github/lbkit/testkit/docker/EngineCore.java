package io.github.lbkit.testkit.docker;

import io.github.lbkit.api.Scheduler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What all parts of one engine share: its lock, its time, its events, and what listens for its containers. Thread-safe. */
final class EngineCore {
    /** Held by whoever reads or changes what is in the engine. */
    final ReentrantLock lock = new ReentrantLock();

    final String name;
    final int number;
    final Scheduler scheduler;
    final EventLog events;
    final LoopbackHttp http;

    /** Guarded by the lock. */
    private long ids;

    EngineCore(String name, int number, Scheduler scheduler, EngineFaults faults) {
        this.name = name;
        this.number = number;
        this.scheduler = scheduler;
        this.events = new EventLog(scheduler, faults);
        this.http = new LoopbackHttp(name);
    }

    <T> T call(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void run(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    Instant now() {
        return scheduler.now();
    }

    /** 64 hexadecimal digits that this engine has not given before. */
    String newId() {
        try {
            byte[] text = (name + " " + ++ids).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** 25 characters, as the ids of a swarm are. */
    String newSwarmId() {
        return newId().substring(0, 25);
    }
}
