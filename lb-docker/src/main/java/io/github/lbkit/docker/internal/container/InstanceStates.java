package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of a launcher's instances, and the listeners that are notified of each change. Listeners are called
 * without a lock. Thread-safe.
 */
final class InstanceStates {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceStates.class);

    /** The time after which a list contains an ended container again, in case no listener has removed it. */
    private static final long HIDE_ENDED_NANOS = Duration.ofSeconds(10).toNanos();

    private final Scheduler clock;
    private final List<LauncherListener> listeners = new CopyOnWriteArrayList<>();

    /** Guarded by this. */
    private final Map<InstanceId, TrackedInstance> instances = new LinkedHashMap<>();

    InstanceStates(Scheduler clock) {
        this.clock = clock;
    }

    Subscription watch(LauncherListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void close() {
        listeners.clear();
    }

    private static InstanceId key(LaunchRequest request) {
        return new InstanceId(request.id(), request.generation());
    }

    /** Adds an instance that is about to be launched; returns false if it is known already. */
    synchronized boolean add(TrackedInstance instance) {
        return instances.putIfAbsent(key(instance.request), instance) == null;
    }

    synchronized Optional<TrackedInstance> find(String id, long generation) {
        return Optional.ofNullable(instances.get(new InstanceId(id, generation)));
    }

    synchronized void remove(TrackedInstance instance) {
        instances.remove(key(instance.request), instance);
    }

    synchronized void created(TrackedInstance instance, String container) {
        instance.container = container;
    }

    synchronized void serves(TrackedInstance instance, Address address) {
        instance.served = true;
        instance.servedNanos = clock.nanoTime();
        instance.address = address;
    }

    /** Throws an exception if the removal of the instance was requested. */
    synchronized void requireNotTerminating(TrackedInstance instance) {
        if (instance.terminating) {
            throw new IllegalStateException(instance + " was terminated while it was launched");
        }
    }

    /** Returns the container of an instance that has served and is not being removed. */
    synchronized Optional<String> servingContainer(TrackedInstance instance) {
        return instance.terminating || !instance.served ? Optional.empty() : Optional.of(instance.container);
    }

    /**
     * Begins the removal of an instance.
     *
     * @param removal completes when the container is removed
     * @return the removal that is under way already; null if the given one has begun
     */
    synchronized @Nullable CompletableFuture<Void> beginRemoval(
            TrackedInstance instance, CompletableFuture<Void> removal) {
        CompletableFuture<Void> before = instance.removal;
        if (before != null && !before.isCompletedExceptionally()) {
            return before;
        }
        instance.terminating = true;
        instance.removal = removal;
        return null;
    }

    /**
     * Updates an instance from the engine's list and notifies listeners of changes.
     *
     * @param askedNanos the time at which the list was requested
     * @return true if the end of the container was reported recently, so that the list should omit it
     */
    boolean observe(Container container, long askedNanos) {
        TrackedInstance instance;
        boolean ended;
        String move = "";
        synchronized (this) {
            instance = instances.computeIfAbsent(
                    key(container.request()), key -> TrackedInstance.found(container.request(), container.id()));
            instance.container = container.id();
            boolean newer = askedNanos - instance.servedNanos > 0;
            ended = instance.served && !container.isRunning() && !instance.endReported && newer;
            if (!instance.served && container.serves()) {
                instance.served = true;
                instance.servedNanos = askedNanos;
                instance.address = container.address().orElse(null);
            } else if (instance.served && !ended && !instance.endReported && newer) {
                move = instance.describeMove(container);
            }
        }
        if (!move.isEmpty()) {
            ended(instance, move);
        }
        if (container.serves()) {
            health(instance, true);
        } else if (container.isRunning() && container.health().equals("unhealthy")) {
            health(instance, false);
        }
        if (ended) {
            ended(instance, "it is " + container.state());
        }
        synchronized (this) {
            return instance.endReported && clock.nanoTime() - instance.endReportedNanos < HIDE_ENDED_NANOS;
        }
    }

    /** Records the result of the engine's health check and notifies listeners of a change. */
    void health(TrackedInstance instance, boolean healthy) {
        boolean changed;
        synchronized (this) {
            if (instance.terminating) {
                return;
            }
            changed = instance.unhealthy == healthy;
            instance.unhealthy = !healthy;
        }
        if (healthy) {
            instance.healthy.complete(null);
        } else {
            instance.healthy.completeExceptionally(new IllegalStateException("its health check fails"));
        }
        String id = instance.request.id();
        long generation = instance.request.generation();
        if (changed && healthy) {
            notifyListeners(listener -> listener.fit(id, generation));
        } else if (!healthy) { // repeated for a listener that adopts the instance later
            notifyListeners(listener -> listener.unfit(id, generation, "its health check fails"));
        }
    }

    /** Records that an instance cannot serve any more and notifies listeners. */
    void ended(TrackedInstance instance, String detail) {
        synchronized (this) {
            if (!instance.endReported) {
                instance.endReported = true;
                instance.endReportedNanos = clock.nanoTime();
            }
            if (instance.terminating) {
                return;
            }
        }
        instance.healthy.completeExceptionally(new IllegalStateException(detail));
        reportEnd(instance, detail);
    }

    /** Notifies listeners of the end of an instance, with more detail than before. */
    void reportEnd(TrackedInstance instance, String detail) {
        LaunchRequest request = instance.request;
        notifyListeners(listener -> listener.exited(request.id(), request.generation(), detail));
    }

    /** Notifies listeners that something may have changed. */
    void changed() {
        notifyListeners(LauncherListener::changed);
    }

    /** Notifies listeners that the engine's events arrive again. */
    void streamReopened(String reason, Duration silence) {
        notifyListeners(listener -> listener.streamReopened(reason, silence));
    }

    private void notifyListeners(Consumer<LauncherListener> call) {
        for (LauncherListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "a listener of containers failed: {}",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
