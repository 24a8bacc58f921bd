package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** The setting of {@code serve} for the protocols that requests may switch to. */
public final class UpgradeSettings {
    private static final String ALLOWED = "off, or names of protocols such as websocket, except h2c";

    @Option(
            names = "--upgrade",
            paramLabel = "TOKEN|off",
            split = ",",
            defaultValue = "websocket",
            description = "the protocols that requests may switch to by their Upgrade field, such as websocket,foo; off"
                    + " for none. Other Upgrade fields are dropped (default: ${DEFAULT-VALUE})")
    private List<String> protocols = new ArrayList<>(List.of("websocket"));

    UpgradeSettings() {}

    /** Refuses values that are not allowed. */
    void check() {
        applyTo(ReverseProxy.builder());
    }

    /** Sets the protocols that requests may switch to. */
    public void applyTo(ReverseProxyBuilder builder) {
        Set<String> names = new TreeSet<>();
        protocols.forEach(protocol -> names.add(protocol.strip()));
        if (names.equals(Set.of("off"))) {
            builder.upgrades(Set.of());
            return;
        }
        if (names.contains("off")) {
            throw new SettingException("--upgrade", String.join(",", protocols), ALLOWED);
        }
        for (String name : names) {
            try {
                builder.upgrades(Set.of(name));
            } catch (IllegalArgumentException e) {
                throw new SettingException("--upgrade", name, ALLOWED);
            }
        }
        builder.upgrades(names);
    }
}
