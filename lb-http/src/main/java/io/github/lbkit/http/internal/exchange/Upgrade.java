package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.ConnectionFields;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.UpgradeFields;
import io.github.lbkit.http.internal.wire.write.HeadWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The protocols that a request asks to switch to, as far as the settings allow them (RFC 9110 7.8). Immutable. */
final class Upgrade {
    /** The value of the forwarded field. */
    private final String protocols;

    /** The names of the protocols in lower case. */
    private final Set<String> names;

    private Upgrade(List<String> protocols) {
        this.protocols = String.join(", ", protocols);
        Set<String> all = new HashSet<>();
        protocols.forEach(protocol -> all.add(lowerName(protocol)));
        names = all;
    }

    /**
     * Returns the upgrade that a request asks for. Returns null if the request asks for none that is allowed: then its
     * Upgrade fields are dropped. Only a GET of HTTP/1.1 without a body can ask.
     *
     * @param allowed the names of the allowed protocols in lower case
     */
    static @Nullable Upgrade of(ClientRequest request, Set<String> allowed) {
        Head head = request.head();
        if (!ConnectionFields.upgrades(head)) {
            return null;
        }
        if (!head.methodIs("GET") || request.isHttp10() || request.hasBody()) {
            return null;
        }
        List<String> kept = new ArrayList<>(UpgradeFields.protocols(head));
        kept.removeIf(protocol -> !allowed.contains(lowerName(protocol)));
        return kept.isEmpty() ? null : new Upgrade(kept);
    }

    private static String lowerName(String protocol) {
        return UpgradeFields.name(protocol).toLowerCase(Locale.ROOT);
    }

    /** Appends the fields of the forwarded request. */
    void putFields(ByteSink out) {
        HeadWriter.writeUpgrade(protocols, out);
    }

    /** Returns whether a response 101 switches to protocols that were asked for. */
    boolean allows(Head response) {
        List<String> chosen = UpgradeFields.protocols(response);
        return !chosen.isEmpty() && chosen.stream().allMatch(protocol -> names.contains(lowerName(protocol)));
    }
}
