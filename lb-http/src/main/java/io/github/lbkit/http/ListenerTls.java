package io.github.lbkit.http;

import io.github.lbkit.http.internal.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of TLS towards clients. {@link #builder} starts from the defaults. Immutable.
 *
 * <p>The certificate for a client is chosen by the name that the client asks for (SNI): first a certificate with this
 * name among its subject alternative names, then one with a wildcard that covers it, then the first certificate.
 * Certificates with equal names and different kinds of keys (RSA and EC) serve their names together; the client's
 * signature algorithms decide.
 *
 * <p>The files are watched. New handshakes use changed files, and open connections continue. While a changed file is
 * wrong, or a certificate does not match its key, the old certificate stays in use, and a warning is logged.
 *
 * <p>A second handshake on a connection of TLS 1.2 (renegotiation) ends the connection.
 *
 * <pre>{@code
 * ListenerTls tls = ListenerTls.builder(TlsCertificate.of(Path.of("shop.pem"), Path.of("shop.key"))).build();
 * ReverseProxy proxy = ReverseProxy.builder().tls(tls).balancer(balancer).start();
 * }</pre>
 */
public final class ListenerTls {
    /** The longest lifetime of a session (RFC 8446 4.6.1). */
    private static final Duration LONGEST_SESSION = Duration.ofDays(7);

    private static final int MAX_HANDSHAKES = 1_000_000;
    private static final int MAX_THREADS = 256;

    private final List<TlsCertificate> certificates;
    private final Optional<Path> clientAuthorities;
    private final Optional<Path> clientRevocations;
    private final ClientAuth clientAuth;
    private final Set<String> protocols;
    private final List<String> cipherSuites;
    private final List<String> applicationProtocols;
    private final Duration handshakeTimeout;
    private final int handshakeThreads;
    private final int maxHandshakes;
    private final Duration sessionLifetime;
    private final Duration reloadInterval;

    /** The request for certificates of clients. */
    public enum ClientAuth {
        /** Clients are not asked for a certificate. */
        NONE,

        /** Clients are asked for a certificate. A client without one is served, one with a wrong one is refused. */
        WANT,

        /** Clients without a valid certificate are refused. */
        NEED
    }

    private ListenerTls(Builder builder) {
        certificates = List.copyOf(builder.certificate);
        clientAuthorities = builder.clientAuthorities;
        clientRevocations = builder.clientRevocations;
        clientAuth = builder.clientAuth.orElse(clientAuthorities.isPresent() ? ClientAuth.NEED : ClientAuth.NONE);
        protocols = builder.protocols;
        cipherSuites = builder.cipherSuites;
        applicationProtocols = builder.applicationProtocols;
        handshakeTimeout = builder.handshakeTimeout;
        handshakeThreads = builder.handshakeThreads;
        maxHandshakes = builder.maxHandshakes;
        sessionLifetime = builder.sessionLifetime;
        reloadInterval = builder.reloadInterval;
    }

    /**
     * Returns a builder with the defaults.
     *
     * @param first the certificate for clients that ask for no name, or for an unknown one
     */
    public static Builder builder(TlsCertificate first) {
        return new Builder(first);
    }

    /** The certificates, at least one. */
    public List<TlsCertificate> certificates() {
        return certificates;
    }

    /** The file with the certificates of the authorities that clients' certificates must come from. */
    public Optional<Path> clientAuthorities() {
        return clientAuthorities;
    }

    /** The file with the revocation lists of the clients' authorities. */
    public Optional<Path> clientRevocations() {
        return clientRevocations;
    }

    /** The request for certificates of clients. */
    public ClientAuth clientAuth() {
        return clientAuth;
    }

    /** The versions of TLS. */
    public Set<String> protocols() {
        return protocols;
    }

    /** The cipher suites in order of preference; empty for those of the JDK. */
    public List<String> cipherSuites() {
        return cipherSuites;
    }

    /** The application protocols (ALPN) in order of preference. */
    public List<String> applicationProtocols() {
        return applicationProtocols;
    }

    /** The limit from the accepted connection to the end of its handshake. */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** The number of threads that compute handshakes. */
    public int handshakeThreads() {
        return handshakeThreads;
    }

    /** The maximum number of new handshakes that are computed or wait for a thread; further ones wait unbegun. */
    public int maxHandshakes() {
        return maxHandshakes;
    }

    /** The time for which a client may resume its session. */
    public Duration sessionLifetime() {
        return sessionLifetime;
    }

    /** The time between two readings of the files. */
    public Duration reloadInterval() {
        return reloadInterval;
    }

    /**
     * Reads the files once, so that a mistake is found before anything is started. A pipe is not read.
     *
     * @throws IllegalArgumentException if a file cannot be read or is wrong; the message names the file and what is
     *     allowed
     */
    public void checkFiles() {
        TlsFiles.check(this);
    }

    /**
     * A builder of these settings. Every method throws {@link IllegalArgumentException} for a value that is not
     * allowed. Not thread-safe.
     */
    public static final class Builder {
        private final List<TlsCertificate> certificate = new ArrayList<>();
        private Optional<Path> clientAuthorities = Optional.empty();
        private Optional<Path> clientRevocations = Optional.empty();
        private Optional<ClientAuth> clientAuth = Optional.empty();
        private Set<String> protocols = TlsProtocols.ALL;
        private List<String> cipherSuites = List.of();
        private List<String> applicationProtocols = List.of("http/1.1", "http/1.0");
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int handshakeThreads = Math.max(1, Runtime.getRuntime().availableProcessors());
        private int maxHandshakes = 1000;
        private Duration sessionLifetime = Duration.ofHours(1);
        private Duration reloadInterval = Duration.ofSeconds(5);

        private Builder(TlsCertificate first) {
            certificate.add(first);
        }

        /** Adds a certificate, for clients that ask for one of its names. */
        public Builder certificate(TlsCertificate value) {
            certificate.add(value);
            return this;
        }

        /**
         * Sets the file with the certificates of the authorities that clients' certificates must come from; none by
         * default. The JDK's authorities are never trusted here.
         */
        public Builder clientAuthorities(Path value) {
            clientAuthorities = Optional.of(value);
            return this;
        }

        /**
         * Sets the file with revocation lists (CRL); none by default. Every authority in the chain of a client needs a
         * valid list. A resumed session is not checked again, but a changed file ends all sessions.
         */
        public Builder clientRevocations(Path value) {
            clientRevocations = Optional.of(value);
            return this;
        }

        /**
         * Sets whether clients show certificates; {@link ClientAuth#NEED} by default if there are
         * {@link #clientAuthorities}, else {@link ClientAuth#NONE}.
         */
        public Builder clientAuth(ClientAuth value) {
            clientAuth = Optional.of(value);
            return this;
        }

        /** Sets the versions of TLS: {@code TLSv1.2}, {@code TLSv1.3} or both, which is the default. */
        public Builder protocols(Set<String> value) {
            protocols = TlsProtocols.versions("listener TLS protocols", value);
            return this;
        }

        /**
         * Sets the cipher suites in order of preference, by their names in the JDK; the JDK's default suites by
         * default. An empty list means the default.
         */
        public Builder cipherSuites(List<String> value) {
            cipherSuites = TlsProtocols.suites("listener TLS cipherSuites", value);
            return this;
        }

        /**
         * Sets the application protocols (ALPN) in order of preference; {@code http/1.1} and {@code http/1.0} by
         * default. A client that offers only other protocols is refused. An empty list ignores what clients offer.
         */
        public Builder applicationProtocols(List<String> value) {
            applicationProtocols = TlsProtocols.applicationProtocols("listener TLS applicationProtocols", value);
            return this;
        }

        /** Sets {@link ListenerTls#handshakeTimeout}; 10 seconds by default. */
        public Builder handshakeTimeout(Duration value) {
            handshakeTimeout = Settings.duration("listener TLS handshakeTimeout", value);
            return this;
        }

        /** Sets {@link ListenerTls#handshakeThreads}, 1 to 256; the number of processors by default. */
        public Builder handshakeThreads(int value) {
            handshakeThreads = Settings.within("listener TLS handshakeThreads", value, 1, MAX_THREADS);
            return this;
        }

        /** Sets {@link ListenerTls#maxHandshakes}, 1 to 1,000,000; 1,000 by default. */
        public Builder maxHandshakes(int value) {
            maxHandshakes = Settings.within("listener TLS maxHandshakes", value, 1, MAX_HANDSHAKES);
            return this;
        }

        /** Sets {@link ListenerTls#sessionLifetime}, 1 second to 7 days; 1 hour by default. */
        public Builder sessionLifetime(Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(LONGEST_SESSION) > 0) {
                throw new IllegalArgumentException(
                        "listener TLS sessionLifetime " + value + " is not within 1 second to 7 days");
            }
            sessionLifetime = value;
            return this;
        }

        /** Sets {@link ListenerTls#reloadInterval}; 5 seconds by default. */
        public Builder reloadInterval(Duration value) {
            reloadInterval = Settings.duration("listener TLS reloadInterval", value);
            return this;
        }

        /**
         * Returns the settings. The files are read when the proxy starts.
         *
         * @throws IllegalArgumentException if clients' certificates are asked for without authorities, or if there
         *     are authorities or revocations without {@link #clientAuth}
         */
        public ListenerTls build() {
            boolean asks = clientAuth.isPresent() && clientAuth.get() != ClientAuth.NONE;
            if (asks && clientAuthorities.isEmpty()) {
                throw new IllegalArgumentException(
                        "listener TLS clientAuth " + clientAuth.get() + " needs clientAuthorities");
            }
            if (clientAuthorities.isPresent() && clientAuth.equals(Optional.of(ClientAuth.NONE))) {
                throw new IllegalArgumentException(
                        "listener TLS clientAuthorities have no effect with clientAuth NONE; allowed: WANT, NEED");
            }
            if (clientRevocations.isPresent() && clientAuthorities.isEmpty()) {
                throw new IllegalArgumentException("listener TLS clientRevocations need clientAuthorities");
            }
            return new ListenerTls(this);
        }
    }
}
