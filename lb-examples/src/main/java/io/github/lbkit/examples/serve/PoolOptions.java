package io.github.lbkit.examples.serve;

import io.github.lbkit.api.PoolUri;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.examples.secret.Secrets;
import java.util.Optional;
import java.util.Set;

/**
 * The options of {@code serve} that are options of some pools too. They are passed on to a pool that has them, and refused
 * beside a pool that has not. Confined to one thread.
 */
final class PoolOptions {
    private final Optional<Set<String>> known;
    private String uri;

    /** Options for the pool of this URI. */
    PoolOptions(String uri) {
        this.uri = uri;
        this.known = ServerPools.installed().options(PoolUri.parse(uri).scheme());
    }

    /** Returns whether the pool has this option, and its URI does not set it. */
    boolean lacks(String name) {
        return known.filter(options -> options.contains(name)).isPresent()
                && PoolUri.parse(uri).option(name).isEmpty();
    }

    /** Returns a number that the URI sets; empty if the pool has no such option. */
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
     * @param name what the pool calls the option
     * @param instead what to do where the pool has no such option
     */
    PoolOptions with(String option, String name, Optional<String> value, String instead) {
        if (value.isEmpty() || known.isEmpty()) {
            return this; // an unknown scheme is refused when the pool is opened
        }
        PoolUri parsed = PoolUri.parse(uri);
        String given = value.get();
        if (!known.get().contains(name)) {
            throw new IllegalArgumentException(option + " '" + given + "' cannot be honoured by --pool "
                    + parsed.scheme() + ":, which has no option '" + name + "'; " + instead);
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

    /** Returns the URI with what was added. */
    String uri() {
        return uri;
    }
}
