package io.github.lbkit.http.internal.tls;

import io.github.lbkit.http.internal.tls.material.Identity;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Creates TLS contexts. Stateless. */
final class Contexts {
    private Contexts() {}

    /**
     * Returns a context.
     *
     * @param identities at most one of each kind of key
     * @param trust the managers that verify peers; null for those of the JDK
     */
    static SSLContext of(Map<String, Identity> identities, TrustManager @Nullable [] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new IdentityKeyManager(identities)}, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }
}
