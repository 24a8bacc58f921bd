package io.github.lbkit.examples.analysis.subject;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A balancer under analysis. Confined to one thread. */
public interface AnalyzedBalancer extends AutoCloseable {
    /** Returns the resolved address of the traffic listener. */
    InetSocketAddress address();

    /** Returns the name of the policy; empty if it is unknown. */
    Optional<String> policy();

    /** Returns the share of all keys of each desired server, in order of joining. */
    Map<String, Double> shares() throws IOException, InterruptedException;

    /** Returns warnings about the distribution of keys by the table of the policy. */
    List<String> warnings();

    /** Adds or removes servers until there are this many. */
    void resize(int servers) throws IOException, InterruptedException;

    /** Returns the reason why the servers cannot be changed; empty if they can. */
    Optional<String> whyFixed();

    @Override
    void close() throws IOException;
}
