package io.github.lbkit.api;

import io.github.lbkit.api.internal.VisibleText;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One member of a pool: a slot with a stable, logical id, and the instance that runs in it now, if any. Routing sees id,
 * weight and the labels that the policy names in {@link Policy#labels}, so a replaced instance under the same id moves no key.
 * Immutable.
 */
public final class Server {
    /** The greatest weight. */
    public static final int MAX_WEIGHT = 1_000_000;

    private final String id;
    private final int weight;
    private final Map<String, String> labels;
    private final State state;
    private final @Nullable Instance instance;

    /** What may be done with a server. */
    public enum State {
        /** Desired, not able to serve yet. */
        STARTING,
        /** Able to serve; always has an instance. */
        READY,
        /** No new requests; those in flight finish, then it is gone. Not part of the routing table any more. */
        DRAINING,
        /** Desired, not able to serve: dead, or found unfit. It stays in the table, so its keys return to it. */
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

    /** A desired server without an instance, of weight 1 and without labels, {@link State#STARTING}. */
    public static Server starting(String id) {
        return new Server(id, 1, Map.of(), State.STARTING, null);
    }

    /** A server that serves, of weight 1 and without labels. */
    public static Server ready(String id, Instance instance) {
        return new Server(id, 1, Map.of(), State.READY, instance);
    }

    /** This server with another weight, 0 to {@value #MAX_WEIGHT}; 0 receives nothing. */
    public Server withWeight(int newWeight) {
        return new Server(id, newWeight, labels, state, instance);
    }

    /** This server with other labels. */
    public Server withLabels(Map<String, String> newLabels) {
        return new Server(id, weight, newLabels, state, instance);
    }

    /** This server in another state, with the instance it has. */
    public Server withState(State newState) {
        return new Server(id, weight, labels, newState, instance);
    }

    /** This server in another state, with another instance. */
    public Server withInstance(State newState, Instance newInstance) {
        return new Server(id, weight, labels, newState, newInstance);
    }

    /** This server in another state, without an instance. */
    public Server withoutInstance(State newState) {
        return new Server(id, weight, labels, newState, null);
    }

    /** The stable, logical name of the slot: what routing hashes. */
    public String id() {
        return id;
    }

    /** The share it takes, relative to the others; 1 by default, 0 receives nothing. */
    public int weight() {
        return weight;
    }

    /** What the pool says about the slot, by name. */
    public Map<String, String> labels() {
        return labels;
    }

    /** What may be done with it. */
    public State state() {
        return state;
    }

    /** What runs in the slot now; always present when {@link State#READY}. */
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
