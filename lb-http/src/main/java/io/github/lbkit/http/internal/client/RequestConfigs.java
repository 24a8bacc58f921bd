package io.github.lbkit.http.internal.client;

import org.apache.hc.client5.http.config.RequestConfig;
import org.jspecify.annotations.Nullable;

/** Derives the configuration of balanced requests from the caller's: without HttpClient's {@code Upgrade: TLS/1.2}. Thread-safe. */
final class RequestConfigs {
    private final boolean protocolUpgrade;

    /** Written and read by all callers, in any order: most requests of a client share one configuration. */
    private volatile @Nullable Derived last;

    private record Derived(RequestConfig callers, RequestConfig balanced) {}

    RequestConfigs(ClientSettings settings) {
        protocolUpgrade = settings.protocolUpgrade();
    }

    RequestConfig balanced(@Nullable RequestConfig callers) {
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
