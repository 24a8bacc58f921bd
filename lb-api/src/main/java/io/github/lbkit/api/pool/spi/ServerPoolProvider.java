package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.ServerPool;
import java.util.Set;

/** A provider of pools by the scheme of their URI, found by {@link java.util.ServiceLoader}. */
public interface ServerPoolProvider {
    /** Returns the scheme, without the colon. */
    String scheme();

    /** Returns the names of the options that the URI may have after {@code ?}. */
    Set<String> options();

    /** Returns the {@link #options} that may occur more than once; none by default. */
    default Set<String> repeatable() {
        return Set.of();
    }

    /** Returns one line of help: the text after the scheme, with an example. */
    String usage();

    /**
     * Opens a pool. Its servers may still be starting when this method returns.
     *
     * @throws IllegalArgumentException if the URI is wrong; the message names the error and the allowed values
     */
    ServerPool open(PoolUri uri, PoolContext context);
}
