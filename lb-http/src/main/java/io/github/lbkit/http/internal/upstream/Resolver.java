package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Turns the names of servers into addresses, on threads of its own so that no loop ever waits for DNS, and keeps each
 * answer for a few seconds. Written-out addresses need neither. Who asks for a name that is being looked up waits for
 * the same answer. Thread-safe.
 */
public final class Resolver implements AutoCloseable {
    private static final long KEPT_NANOS = 5_000_000_000L;
    private static final int THREADS = 2;
    private static final int WAITING = 1024;
    private static final int NAMES = 4096;

    private final Lookup lookup;
    private final LongSupplier clock;
    private final ExecutorService threads;
    private final Map<String, Entry> names = new ConcurrentHashMap<>();

    /** How a name is looked up; may block. */
    @FunctionalInterface
    public interface Lookup {
        /** The first of the name's addresses. */
        InetAddress address(String name) throws UnknownHostException;
    }

    /** A resolver that asks the system. */
    public Resolver(String name, LongSupplier clock) {
        this(name, clock, InetAddress::getByName);
    }

    /** A resolver that asks this. */
    public Resolver(String name, LongSupplier clock, Lookup lookup) {
        this.lookup = lookup;
        this.clock = clock;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, name + "-resolver");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    /**
     * Tells the address, or nothing if there is none; at once on the caller's thread if it is known, else later on a
     * thread of the resolver's own.
     */
    public void resolve(Address address, Consumer<Optional<InetSocketAddress>> answer) {
        InetAddress literal = Literals.parse(address.host());
        if (literal != null) {
            answer.accept(Optional.of(new InetSocketAddress(literal, address.port())));
            return;
        }
        if (names.size() > NAMES) {
            names.clear(); // who waits is answered all the same
        }
        Entry entry =
                names.compute(address.host(), (name, known) -> known == null || known.isOld() ? begin(name) : known);
        entry.tell(found -> answer.accept(found.map(ip -> new InetSocketAddress(ip, address.port()))));
    }

    private Entry begin(String name) {
        Entry entry = new Entry();
        try {
            threads.execute(() -> entry.answer(find(name)));
        } catch (RejectedExecutionException closedOrFull) {
            entry.answer(Optional.empty());
        }
        return entry;
    }

    private Optional<InetAddress> find(String name) {
        try {
            return Optional.of(lookup.address(name));
        } catch (UnknownHostException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Ends the threads; who still waits is not answered. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One name's answer, or those who wait for it. */
    private final class Entry {
        private final List<Consumer<Optional<InetAddress>>> waiting = new ArrayList<>();
        private Optional<InetAddress> found = Optional.empty();
        private boolean answered;
        private long answeredNanos;

        synchronized boolean isOld() {
            return answered && clock.getAsLong() - answeredNanos > KEPT_NANOS;
        }

        void tell(Consumer<Optional<InetAddress>> asker) {
            synchronized (this) {
                if (!answered) {
                    waiting.add(asker);
                    return;
                }
            }
            asker.accept(found);
        }

        void answer(Optional<InetAddress> address) {
            List<Consumer<Optional<InetAddress>>> askers;
            synchronized (this) {
                found = address;
                answered = true;
                answeredNanos = clock.getAsLong();
                askers = List.copyOf(waiting);
                waiting.clear();
            }
            askers.forEach(asker -> asker.accept(address));
        }
    }
}
