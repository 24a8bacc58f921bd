package io.github.lbkit.http.internal.tls;

import io.github.lbkit.http.internal.tls.material.Identity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A key manager with at most one identity of each kind of key. The alias of an identity is its kind of key. Keys are
 * decoded once, unlike those of the JDK's PKIX key manager, which decrypts the key in every handshake. Immutable.
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {
    private final Map<String, Identity> byKeyType;

    IdentityKeyManager(Map<String, Identity> byKeyType) {
        this.byKeyType = Map.copyOf(byKeyType);
    }

    private @Nullable String first(String... keyTypes) {
        for (String keyType : keyTypes) {
            if (byKeyType.containsKey(keyType)) {
                return keyType;
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return first(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return first(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return first(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return first(keyTypes);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return byKeyType.containsKey(keyType) ? new String[] {keyType} : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = byKeyType.get(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = byKeyType.get(alias);
        return identity == null ? null : identity.key();
    }
}
