package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.examples.secret.Secrets;
import java.util.Optional;
import java.util.Set;

/**
 * The options of {@code serve} that some pools have too. An option is added to the URI of a pool that has it, and
 * refused for a pool that does not. Confined to one thread.
 */
final class PoolOptions {
    private final Optional<Set<String>> known;
    private String uri;

    /** Creates options for the pool of this URI. */
    PoolOptions(String uri) {
        this.uri = uri;
        this.known = ServerPools.installed().options(PoolUri.parse(uri).scheme());
    }

    /** Returns whether the pool has this option and its URI does not set it. */
    boolean lacks(String name) {
        return known.filter(options -> options.contains(name)).isPresent()
                && PoolUri.parse(uri).option(name).isEmpty();
    }

    /** Returns a number that the URI sets; empty if the URI does not set it or the pool has no such option. */
    Optional<Integer> number(String name, int max) {
        PoolUri parsed = PoolUri.parse(uri);
        return parsed.option(name).isPresent()
                        && known.filter(options -> options.contains(name)).isPresent()
                ? Optional.of(parsed.intOption(name, 1, 1, max))
                : Optional.empty();
    }

    /**
     * Adds an option of {@code serve} to the URI.
     *
     * @param name the name of the option in the URI
     * @param advice the advice in the error message if the pool has no such option
     */
    PoolOptions with(String option, String name, Optional<String> value, String advice) {
        if (value.isEmpty() || known.isEmpty()) {
            return this; // an unknown scheme is refused when the pool is opened
        }
        PoolUri parsed = PoolUri.parse(uri);
        String given = value.get();
        if (!known.get().contains(name)) {
            throw new IllegalArgumentException(option + " '" + given + "' is not supported by --pool " + parsed.scheme()
                    + ":, which has no option '" + name + "'; " + advice);
        }
        Optional<String> own = parsed.option(name);
        if (own.isEmpty()) {
            uri += (uri.indexOf('?') < 0 ? "?" : "&") + name + "=" + given;
        } else if (!own.get().equals(given)) {
            throw new IllegalArgumentException(option + " '" + given + "' contradicts " + name + "=" + own.get()
                    + " in --pool '" + Secrets.masked(uri) + "'; leave one of them out");
        }
        return this;
    }

    /** Returns the URI with the added options. */
    String uri() {
        return uri;
    }
}
