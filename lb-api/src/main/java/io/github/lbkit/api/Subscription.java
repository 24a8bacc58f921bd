package io.github.lbkit.api;

/** What was subscribed to; closing it ends the calls. Thread-safe. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the subscription; a call under way may still finish. Again: nothing happens. */
    @Override
    void close();
}
