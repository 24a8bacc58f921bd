package io.github.lbkit.api.policy;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.internal.ThrownText;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The look-up of policies by name, among the providers that {@link ServiceLoader} finds: first by the thread's context
 * class loader, then by this library's loader. A provider that cannot be loaded is logged and skipped. Thread-safe;
 * every call searches anew.
 */
public final class Policies {
    private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

    /**
     * The number of failures after which the search of one loader ends: a loader that cannot read its configuration
     * fails for ever.
     */
    private static final int MAX_FAILURES = 100;

    private Policies() {}

    /**
     * Returns the policy with this name.
     *
     * @param name such as {@code round-robin}
     * @param options the options by name; the policy decides which are allowed
     * @throws IllegalArgumentException if the name or an option is unknown, or a value is wrong; the message names the
     *     allowed values
     */
    public static Policy named(String name, Map<String, String> options) {
        Map<String, Provided> provided = provided();
        Provided found = provided.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no policy is named '" + name + "'; allowed are " + provided.keySet());
        }
        for (String option : new TreeSet<>(options.keySet())) {
            if (!found.options().contains(option)) {
                throw new IllegalArgumentException("policy '" + name + "' has no option '" + option + "'; "
                        + (found.options().isEmpty()
                                ? "it has none"
                                : "allowed are " + new TreeSet<>(found.options())));
            }
        }
        return found.provider().policy(name, options);
    }

    /** Returns the known names and the options of each, sorted. */
    public static Map<String, Set<String>> names() {
        Map<String, Set<String>> names = new TreeMap<>();
        provided().forEach((name, by) -> names.put(name, new TreeSet<>(by.options())));
        return names;
    }

    private record Provided(PolicyProvider provider, Set<String> options) {}

    private static Map<String, Provided> provided() {
        Map<String, Provided> found = new TreeMap<>();
        collect(Thread.currentThread().getContextClassLoader(), found);
        collect(Policies.class.getClassLoader(), found);
        return found;
    }

    private static void collect(@Nullable ClassLoader loader, Map<String, Provided> found) {
        Iterator<PolicyProvider> providers =
                ServiceLoader.load(PolicyProvider.class, loader).iterator();
        for (int failures = 0; failures < MAX_FAILURES; ) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                PolicyProvider provider = providers.next();
                provider.names().forEach((name, options) -> found.putIfAbsent(name, new Provided(provider, options)));
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                failures++;
                LOG.warn("a provider of policies cannot be used: {}", ThrownText.of(e));
            }
        }
    }
}
