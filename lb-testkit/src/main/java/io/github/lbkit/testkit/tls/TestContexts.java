package io.github.lbkit.testkit.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Creates contexts with the JDK's own managers. Stateless. */
final class TestContexts {
    private static final char[] PASSWORD = "password".toCharArray();

    private TestContexts() {}

    static SSLContext trusting(X509Certificate authority) {
        return context(new KeyManager[0], managers(authority));
    }

    static SSLContext trusting(X509Certificate authority, TestCertificate own) {
        return context(managers(own), managers(authority));
    }

    static SSLContext of(TestCertificate own) {
        return context(managers(own), new TrustManager[0]);
    }

    private static SSLContext context(KeyManager[] own, TrustManager[] trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static TrustManager[] managers(X509Certificate authority) {
        try {
            KeyStore store = empty();
            store.setCertificateEntry("authority", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform trusts authorities", e);
        }
    }

    private static KeyManager[] managers(TestCertificate own) {
        try {
            KeyStore store = empty();
            store.setKeyEntry("own", own.key(), PASSWORD, own.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has key stores", e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
