package io.github.lbkit.api;

/** A subscription that ends the calls to its listener or task when it is closed. Thread-safe. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the subscription; a call under way may still finish. A second call does nothing. */
    @Override
    void close();
}
