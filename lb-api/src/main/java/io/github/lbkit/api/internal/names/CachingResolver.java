package io.github.lbkit.api.internal.names;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The resolver behind {@link NameResolver#caching}: a map of names under one monitor, a timer, and threads that look
 * names up. Thread-safe.
 */
public final class CachingResolver implements NameResolver {
    private static final int MOST_NAMES = 4096;

    private final Caching settings;
    private final Lookup lookup;
    private final Scheduler timer;
    private final LookupThreads threads;

    /** By name in lower case, the one asked for longest ago first. This monitor guards the names too. */
    private final Map<String, CachedName> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CachedName> eldest) {
            return size() > MOST_NAMES && !eldest.getValue().isLooking();
        }
    };

    /** Guarded by the names' monitor. */
    private boolean closed;

    /** Creates a resolver that asks for its threads when a name is first looked up. */
    public CachingResolver(Runtimes runtimes, Caching settings, Lookup lookup) {
        this.settings = settings;
        this.lookup = lookup;
        timer = runtimes.scheduler("names");
        threads = new LookupThreads(runtimes::scheduler, timer, settings.threads());
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String host) {
        return ask(host, false);
    }

    @Override
    public CompletionStage<List<InetAddress>> refresh(String host) {
        return ask(host, true);
    }

    private CompletionStage<List<InetAddress>> ask(String host, boolean strict) {
        try {
            InetAddress literal = Literals.parse(host);
            return literal == null
                    ? askFor(host.toLowerCase(Locale.ROOT), strict)
                    : CompletableFuture.completedFuture(List.of(literal));
        } catch (UnknownHostException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<List<InetAddress>> askFor(String name, boolean strict) {
        CompletableFuture<List<InetAddress>> call = new CompletableFuture<>();
        CachedName known;
        long begun = -1;
        synchronized (names) {
            if (closed) {
                call.completeExceptionally(unknown(name, "the name resolver is closed", null));
                return call;
            }
            long now = timer.nanoTime();
            known = names.computeIfAbsent(name, CachedName::new);
            if (known.isDue(strict, now, settings.fresh().toNanos())) {
                begun = known.begin(now);
            }
            known.ask(call, strict, now);
        }
        if (begun >= 0) {
            begin(known, begun);
        }
        return call;
    }

    private void begin(CachedName name, long number) {
        LookupRun run = new LookupRun(name, number);
        try {
            run.watch();
            threads.run(run);
        } catch (RuntimeException | Error e) {
            run.end(List.of(), unknown(name.name, "no thread to look it up: " + e, e));
        }
    }

    private static UnknownHostException unknown(String name, String reason, @Nullable Throwable cause) {
        UnknownHostException unknown = new UnknownHostException("no address is known for host " + name + ": " + reason);
        if (cause != null) {
            unknown.initCause(cause);
        }
        return unknown;
    }

    @Override
    public void close() {
        List<Runnable> ended = new ArrayList<>();
        synchronized (names) {
            closed = true;
            names.values().stream()
                    .filter(CachedName::isLooking)
                    .forEach(name ->
                            ended.addAll(name.abandon(unknown(name.name, "the name resolver is closed", null))));
            names.clear();
        }
        threads.close();
        timer.close();
        ended.forEach(Runnable::run);
    }

    /** One look-up of one name: waits for a thread, runs on the thread, and is watched by the timer meanwhile. */
    private final class LookupRun implements Runnable {
        private final CachedName name;
        private final long number;

        /** Guarded by the names' monitor, as is {@link #onThread}. */
        private final List<Subscription> watches = new ArrayList<>();

        private boolean onThread;

        LookupRun(CachedName name, long number) {
            this.name = name;
            this.number = number;
        }

        /** Bounds the wait of the calls, whenever the look-up returns. */
        void watch() {
            synchronized (names) {
                if (name.hasAnswer()) {
                    watches.add(timer.schedule(Duration.ofNanos(CachedName.GRACE_NANOS), this::graceOver));
                }
                watches.add(timer.schedule(settings.timeout(), this::late));
            }
        }

        @Override
        public void run() {
            synchronized (names) {
                onThread = true;
            }
            try {
                List<InetAddress> found = Families.alternating(lookup.addresses(name.name));
                if (found.isEmpty()) {
                    end(found, unknown(name.name, "the name has no address", null));
                } else {
                    end(found, null);
                }
            } catch (IOException | RuntimeException | Error e) {
                end(List.of(), unknown(name.name, reason(e), e));
            }
        }

        private String reason(Throwable e) {
            String message = e.getMessage();
            if (message == null || message.equalsIgnoreCase(name.name)) {
                return e instanceof UnknownHostException
                        ? "unknown name"
                        : e.getClass().getName();
            }
            String prefix = name.name + ": ";
            return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        }

        private void end(List<InetAddress> found, @Nullable UnknownHostException failure) {
            List<Runnable> ended = List.of();
            synchronized (names) {
                watches.forEach(Subscription::close);
                if (!closed && name.isLooking(number)) {
                    long now = timer.nanoTime();
                    ended = failure == null ? name.found(found, now) : name.failed(failure, now);
                }
            }
            ended.forEach(Runnable::run);
        }

        private void graceOver() {
            List<Runnable> ended = List.of();
            synchronized (names) {
                if (name.isLooking(number)) {
                    ended = name.giveLastAnswer();
                }
            }
            ended.forEach(Runnable::run);
        }

        private void late() {
            List<Runnable> ended = List.of();
            synchronized (names) {
                if (!closed && name.isLooking(number)) {
                    String within = " within " + settings.timeout().toMillis() + " ms";
                    String reason = onThread
                            ? "no answer" + within
                            : "not looked up" + within + ", because look-ups of other names occupy all "
                                    + settings.threads() + " threads";
                    ended = name.late(unknown(name.name, reason, null), timer.nanoTime());
                }
            }
            ended.forEach(Runnable::run);
        }
    }
}
