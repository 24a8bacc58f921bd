package io.github.lbkit.http;

import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** The checks of names of TLS: versions, cipher suites and application protocols. Stateless. */
final class TlsProtocols {
    /** The versions of TLS that are allowed. */
    static final Set<String> ALL = Set.of("TLSv1.2", "TLSv1.3");

    private static final int MAX_NAME = 255;

    private TlsProtocols() {}

    /** Returns a copy of versions; refuses none, and versions that are not allowed. */
    static Set<String> versions(String setting, Set<String> value) {
        if (value.isEmpty() || !ALL.containsAll(value)) {
            throw new IllegalArgumentException(
                    setting + " " + value + " is not allowed; allowed: TLSv1.2, TLSv1.3, or both");
        }
        return Set.copyOf(value);
    }

    /** Returns a copy of cipher suites; refuses suites that the JDK does not have. */
    static List<String> suites(String setting, List<String> value) {
        Set<String> known = supportedSuites();
        for (String suite : value) {
            if (!known.contains(suite)) {
                throw new IllegalArgumentException(setting + " '" + suite + "' is not a cipher suite of this JDK;"
                        + " allowed: names such as TLS_AES_128_GCM_SHA256");
            }
        }
        return List.copyOf(value);
    }

    private static Set<String> supportedSuites() {
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no default TLS context", e);
        }
    }

    /** Returns a copy of names of application protocols; refuses names that are empty or too long. */
    static List<String> applicationProtocols(String setting, Collection<String> value) {
        for (String name : value) {
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            if (length < 1 || length > MAX_NAME) {
                throw new IllegalArgumentException(setting + " '" + name + "' has " + length + " bytes; allowed: 1 to "
                        + MAX_NAME + ", such as http/1.1");
            }
        }
        return List.copyOf(value);
    }
}
