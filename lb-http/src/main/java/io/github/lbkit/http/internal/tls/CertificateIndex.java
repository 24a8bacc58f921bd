package io.github.lbkit.http.internal.tls;

import io.github.lbkit.http.internal.tls.material.Identity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contexts of a listener by the names of their certificates: one for each set of names, so that a session is never
 * resumed under a name of another certificate. Immutable.
 */
final class CertificateIndex {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateIndex.class);
    private static final String WILDCARD = "*.";

    private final Map<Group, SSLContext> contexts;
    private final Map<String, SSLContext> byName = new HashMap<>();
    private final SSLContext first;

    /** Certificates with equal names by the kinds of their keys. */
    private record Group(Map<String, Identity> byKeyType) {}

    private CertificateIndex(Map<Group, SSLContext> contexts) {
        this.contexts = contexts;
        this.first = contexts.values().iterator().next();
        contexts.forEach((group, context) -> group.byKeyType()
                .values()
                .iterator()
                .next()
                .names()
                .forEach(name -> byName.putIfAbsent(name, context)));
    }

    /**
     * Returns the index of identities. Of several certificates for a name, the first one counts.
     *
     * @param previous an index whose contexts are kept for certificates that have not changed; null if there is none
     * @param create creates the context for identities, by the kinds of their keys
     */
    static CertificateIndex of(
            List<Identity> identities,
            @Nullable CertificateIndex previous,
            Function<Map<String, Identity>, SSLContext> create) {
        Map<Set<String>, Map<String, Identity>> groups = new LinkedHashMap<>();
        for (Identity identity : identities) {
            Identity before = groups.computeIfAbsent(identity.names(), names -> new LinkedHashMap<>())
                    .putIfAbsent(identity.keyType(), identity);
            if (before != null) {
                LOG.warn("{} is not used: {} has the same names and kind of key", identity, before);
            }
        }
        Map<Group, SSLContext> contexts = new LinkedHashMap<>();
        for (Map<String, Identity> byKeyType : groups.values()) {
            Group group = new Group(byKeyType);
            SSLContext kept = previous == null ? null : previous.contexts.get(group);
            contexts.put(group, kept == null ? create.apply(byKeyType) : kept);
        }
        return new CertificateIndex(contexts);
    }

    /** Returns the context for a name: exact before wildcard, the first one for other names and for none. */
    SSLContext context(@Nullable String serverName) {
        if (serverName == null) {
            return first;
        }
        String name = serverName.toLowerCase(Locale.ROOT);
        SSLContext exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        return dot <= 0 ? first : byName.getOrDefault(WILDCARD + name.substring(dot + 1), first);
    }
}
