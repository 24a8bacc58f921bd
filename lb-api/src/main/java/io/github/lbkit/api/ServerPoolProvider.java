package io.github.lbkit.api;

import java.util.Set;

/** Opens pools by the scheme of their URI; found by {@link java.util.ServiceLoader}. */
public interface ServerPoolProvider {
    /** The scheme, without the colon. */
    String scheme();

    /** The names of the options that the URI may have after {@code ?}. */
    Set<String> options();

    /** Which of {@link #options} may stand more than once; none by default. */
    default Set<String> repeatable() {
        return Set.of();
    }

    /** One line for people: what follows the scheme, with an example. */
    String usage();

    /**
     * Opens the pool; its servers may still be starting when this returns.
     *
     * @throws IllegalArgumentException if the URI is wrong; the message names what is wrong and what is allowed
     */
    ServerPool open(PoolUri uri, PoolContext context);
}
