package io.github.lbkit.http.internal.client;

import org.apache.hc.client5.http.config.RequestConfig;
import org.jspecify.annotations.Nullable;

/**
 * A cache of request configurations for balanced requests, derived from the caller's configuration by removing
 * HttpClient's field {@code Upgrade: TLS/1.2}. Thread-safe.
 */
public final class RequestConfigs {
    private final boolean protocolUpgrade;

    /** Written and read by all callers in any order: most requests of a client share one configuration. */
    private volatile @Nullable Derived last;

    private record Derived(RequestConfig callers, RequestConfig balanced) {}

    /** Creates an empty cache. */
    public RequestConfigs(ClientSettings settings) {
        protocolUpgrade = settings.protocolUpgrade();
    }

    /** Returns the configuration of a balanced request; null stands for HttpClient's default. */
    public RequestConfig balanced(@Nullable RequestConfig callers) {
        RequestConfig from = callers == null ? RequestConfig.DEFAULT : callers;
        if (protocolUpgrade || !from.isProtocolUpgradeEnabled()) {
            return from;
        }
        Derived known = last;
        if (known == null || known.callers() != from) {
            known = new Derived(
                    from,
                    RequestConfig.copy(from).setProtocolUpgradeEnabled(false).build());
            last = known;
        }
        return known.balanced();
    }
}
