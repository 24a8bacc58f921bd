package io.github.lbkit.examples.analysis;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A balancer under analysis. Confined to one thread. */
interface Subject extends AutoCloseable {
    /** Where clients connect, resolved. */
    InetSocketAddress address();

    /** The policy's name; empty if it cannot be told. */
    Optional<String> policy();

    /** The share of all keys that each desired server owns, in order of joining. */
    Map<String, Double> shares() throws IOException, InterruptedException;

    /** What there is to know about how its table spreads keys, in words. */
    List<String> warnings();

    /** Adds or removes servers until there are so many. */
    void resize(int servers) throws IOException, InterruptedException;

    /** Why its servers must stay as they are; empty if they may be changed. */
    Optional<String> whyFixed();

    @Override
    void close() throws IOException;
}
