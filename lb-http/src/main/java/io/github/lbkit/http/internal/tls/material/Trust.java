package io.github.lbkit.http.internal.tls.material;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The authorities whose certificates are accepted from peers, with their revocation lists. Compared by identity.
 * Immutable.
 *
 * <p>If there are revocation lists, every authority in a peer's chain needs a valid one, and no other source of
 * revocations is asked.
 */
public final class Trust {
    private final List<X509Certificate> authorities;
    private final List<X509CRL> revocations;
    private final TrustManager[] managers;

    private Trust(List<X509Certificate> authorities, List<X509CRL> revocations) throws GeneralSecurityException {
        this.authorities = authorities;
        this.revocations = revocations;
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters(authorities, revocations)));
        managers = factory.getTrustManagers();
    }

    /** Returns the files of a trust. */
    public static Set<Path> files(Path authorities, Optional<Path> revocations) {
        Set<Path> files = new LinkedHashSet<>();
        files.add(authorities);
        revocations.ifPresent(files::add);
        return files;
    }

    /**
     * Returns the trust in files that were read.
     *
     * @throws IllegalArgumentException if a file holds anything else; the message names the file
     */
    public static Trust read(Path authorities, Optional<Path> revocations, Contents contents) {
        List<X509CRL> lists = revocations
                .map(path -> Certificates.revocations(path, contents))
                .orElse(List.of());
        try {
            return new Trust(Certificates.authorities(authorities, contents), lists);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "file " + authorities + " has authorities that this JDK does not accept: " + e.getMessage(), e);
        }
    }

    private static PKIXBuilderParameters parameters(List<X509Certificate> authorities, List<X509CRL> revocations)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(!revocations.isEmpty());
        if (!revocations.isEmpty()) {
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        return parameters;
    }

    /** The certificates of the authorities. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    /** The revocation lists; empty if revocation is not checked. */
    public List<X509CRL> revocations() {
        return revocations;
    }

    /** Returns the managers for a context. */
    public TrustManager[] managers() {
        return managers.clone();
    }
}
