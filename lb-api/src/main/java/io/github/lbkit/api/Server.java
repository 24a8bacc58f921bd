package io.github.lbkit.api;

import io.github.lbkit.api.internal.VisibleText;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A member of a pool: a slot with a stable, logical id, and the instance that runs in the slot, if any. Routing reads
 * the id, the weight and the {@link Policy#labels}, so a new instance under the same id moves no key. Immutable.
 */
public final class Server {
    /** The maximum weight. */
    public static final int MAX_WEIGHT = 1_000_000;

    private final String id;
    private final int weight;
    private final Map<String, String> labels;
    private final State state;
    private final @Nullable Instance instance;

    /** The state of a server, which decides whether it gets requests. */
    public enum State {
        /** Desired, but not able to serve yet. */
        STARTING,
        /** Able to serve; always has an instance. */
        READY,
        /** Gets no new requests and leaves when the requests in flight have ended. Not part of the routing table. */
        DRAINING,
        /**
         * Desired, but not able to serve: the instance died or is unfit. Stays in the routing table, so that its keys
         * return to it.
         */
        DOWN
    }

    private Server(String id, int weight, Map<String, String> labels, State state, @Nullable Instance instance) {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a server needs an id");
        }
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of server '" + VisibleText.of(id) + "' is not within 0 to " + MAX_WEIGHT);
        }
        if (state == State.READY && instance == null) {
            throw new IllegalArgumentException(
                    "server '" + VisibleText.of(id) + "' cannot be READY without an instance");
        }
        this.id = id;
        this.weight = weight;
        this.labels = Map.copyOf(labels);
        this.state = state;
        this.instance = instance;
    }

    /** Returns a server in {@link State#STARTING} without an instance, with weight 1 and without labels. */
    public static Server starting(String id) {
        return new Server(id, 1, Map.of(), State.STARTING, null);
    }

    /** Returns a server in {@link State#READY}, with weight 1 and without labels. */
    public static Server ready(String id, Instance instance) {
        return new Server(id, 1, Map.of(), State.READY, instance);
    }

    /** Returns this server with another weight, 0 to {@value #MAX_WEIGHT}; a server of weight 0 gets no requests. */
    public Server withWeight(int newWeight) {
        return new Server(id, newWeight, labels, state, instance);
    }

    /** Returns this server with other labels. */
    public Server withLabels(Map<String, String> newLabels) {
        return new Server(id, weight, newLabels, state, instance);
    }

    /** Returns this server in another state, with its present instance. */
    public Server withState(State newState) {
        return new Server(id, weight, labels, newState, instance);
    }

    /** Returns this server in another state, with another instance. */
    public Server withInstance(State newState, Instance newInstance) {
        return new Server(id, weight, labels, newState, newInstance);
    }

    /** Returns this server in another state, without an instance. */
    public Server withoutInstance(State newState) {
        return new Server(id, weight, labels, newState, null);
    }

    /** The stable, logical id of the slot, which routing hashes. */
    public String id() {
        return id;
    }

    /** The weight relative to the other servers; 1 by default. A server of weight 0 gets no requests. */
    public int weight() {
        return weight;
    }

    /** The labels by name. */
    public Map<String, String> labels() {
        return labels;
    }

    /** The state. */
    public State state() {
        return state;
    }

    /** The instance in the slot; always present in {@link State#READY}. */
    public Optional<Instance> instance() {
        return Optional.ofNullable(instance);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Server that
                && id.equals(that.id)
                && weight == that.weight
                && state == that.state
                && labels.equals(that.labels)
                && Objects.equals(instance, that.instance);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, weight, state, instance);
    }

    @Override
    public String toString() {
        return id + "[" + state + ", weight " + weight
                + (instance == null
                        ? ""
                        : ", " + instance.name() + " at " + instance.address() + " generation " + instance.generation())
                + (labels.isEmpty() ? "" : ", " + new TreeMap<>(labels)) + "]";
    }
}
