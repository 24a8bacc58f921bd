package io.github.lbkit.api.pool;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry of pool providers, which opens pools by URI. Immutable.
 *
 * <pre>{@code
 * ServerPool pool = ServerPools.installed().open("file:/etc/shop/servers.txt", context);
 * }</pre>
 */
public final class ServerPools {
    private static final Logger LOG = LoggerFactory.getLogger(ServerPools.class);

    private final Map<String, ServerPoolProvider> byScheme;

    private ServerPools(Map<String, ServerPoolProvider> byScheme) {
        this.byScheme = byScheme;
    }

    /**
     * Returns the providers that the thread's context class loader and the loader of this library find. A provider
     * that cannot be loaded is logged and skipped. The first of two providers with the same scheme is used.
     */
    public static ServerPools installed() {
        TreeMap<String, ServerPoolProvider> found = new TreeMap<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            find(ServiceLoader.load(ServerPoolProvider.class, context), found);
        }
        find(ServiceLoader.load(ServerPoolProvider.class, ServerPools.class.getClassLoader()), found);
        return new ServerPools(found);
    }

    /** Returns a registry of these providers only. The first of two providers with the same scheme is used. */
    public static ServerPools of(List<ServerPoolProvider> providers) {
        TreeMap<String, ServerPoolProvider> found = new TreeMap<>();
        providers.forEach(provider -> found.putIfAbsent(provider.scheme(), provider));
        return new ServerPools(found);
    }

    /** Returns the usage text of each scheme. */
    public Map<String, String> usages() {
        Map<String, String> usages = new TreeMap<>();
        byScheme.forEach((scheme, provider) -> usages.put(scheme, provider.usage()));
        return usages;
    }

    /** Returns the names of the options of the pools with this scheme; empty if no pool has it. */
    public Optional<Set<String>> options(String scheme) {
        return Optional.ofNullable(byScheme.get(scheme)).map(provider -> Set.copyOf(provider.options()));
    }

    /**
     * Opens the pool that this URI describes.
     *
     * @throws IllegalArgumentException if no provider has the scheme, an option is unknown or repeated, or the
     *     provider refuses the URI; the message names what is allowed
     */
    public ServerPool open(String uri, PoolContext context) {
        PoolUri parsed = PoolUri.parse(uri);
        ServerPoolProvider provider = byScheme.get(parsed.scheme());
        if (provider == null) {
            throw new IllegalArgumentException("no pool has the scheme '" + parsed.scheme() + "'; there are: "
                    + usages().entrySet().stream()
                            .map(usage -> usage.getKey() + ": " + usage.getValue())
                            .collect(Collectors.joining(" | ")));
        }
        for (String option : parsed.options().keySet()) {
            if (parsed.all(option).size() > 1 && !provider.repeatable().contains(option)) {
                throw new IllegalArgumentException(
                        "pool " + parsed.scheme() + ": option '" + VisibleText.of(option) + "' is given twice; "
                                + (provider.repeatable().isEmpty()
                                        ? "no option may"
                                        : "these may: " + new TreeSet<>(provider.repeatable())));
            }
            if (!provider.options().contains(option)) {
                throw new IllegalArgumentException("pool " + parsed.scheme() + ": has no option '"
                        + VisibleText.of(option) + "'; its options are " + new TreeSet<>(provider.options()));
            }
        }
        ServerPool pool = provider.open(parsed, context);
        if (pool == null) {
            throw new IllegalStateException(
                    provider.getClass().getName() + " opened no pool for " + parsed.scheme() + ":");
        }
        return pool;
    }

    private static void find(ServiceLoader<ServerPoolProvider> loader, Map<String, ServerPoolProvider> found) {
        Iterator<ServerPoolProvider> providers = loader.iterator();
        for (int broken = 0; broken < 100; ) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                ServerPoolProvider provider = providers.next();
                found.putIfAbsent(provider.scheme(), provider);
            } catch (Throwable e) { // a provider is code of others, even while it is loaded
                broken++;
                LOG.error("a pool provider cannot be loaded: {}", ThrownText.of(e));
            }
        }
    }
}
