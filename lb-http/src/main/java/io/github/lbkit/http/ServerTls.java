package io.github.lbkit.http;

import io.github.lbkit.http.internal.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of TLS towards servers, for addresses with the scheme {@code https}. {@link #builder} starts from the
 * defaults. Immutable.
 *
 * <p>The certificate of a server must come from an authority that is trusted, and be valid for the name of the server.
 * The name is the address's {@link io.github.lbkit.api.Address#SNI} attribute, else its attribute {@code host}, else
 * its host. It is also sent to the server (SNI), unless it is an IP address; then the certificate must have this
 * address among its subject alternative names.
 *
 * <p>The files are watched as those of {@link ListenerTls} are.
 */
public final class ServerTls {
    /** The default settings: the JDK's authorities, no client certificate. */
    public static final ServerTls DEFAULTS = builder().build();

    private final Optional<Path> authorities;
    private final boolean insecure;
    private final Optional<TlsCertificate> certificate;
    private final Set<String> protocols;
    private final List<String> cipherSuites;
    private final Duration handshakeTimeout;
    private final Duration reloadInterval;

    private ServerTls(Builder builder) {
        authorities = builder.authorities;
        insecure = builder.insecure;
        certificate = builder.certificate;
        protocols = builder.protocols;
        cipherSuites = builder.cipherSuites;
        handshakeTimeout = builder.handshakeTimeout;
        reloadInterval = builder.reloadInterval;
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The file with the certificates of the trusted authorities; empty for the authorities that the JDK trusts. */
    public Optional<Path> authorities() {
        return authorities;
    }

    /** True if any certificate of a server is accepted. */
    public boolean insecure() {
        return insecure;
    }

    /** The certificate that is shown to servers that ask for one. */
    public Optional<TlsCertificate> certificate() {
        return certificate;
    }

    /** The versions of TLS. */
    public Set<String> protocols() {
        return protocols;
    }

    /** The cipher suites in order of preference; empty for those of the JDK. */
    public List<String> cipherSuites() {
        return cipherSuites;
    }

    /** The limit of a handshake, after the connection has been made. */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
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
        private Optional<Path> authorities = Optional.empty();
        private boolean insecure;
        private Optional<TlsCertificate> certificate = Optional.empty();
        private Set<String> protocols = TlsProtocols.ALL;
        private List<String> cipherSuites = List.of();
        private Duration handshakeTimeout = Duration.ofSeconds(5);
        private Duration reloadInterval = Duration.ofSeconds(5);

        private Builder() {}

        /**
         * Sets the file with the certificates of the trusted authorities, which replace those that the JDK trusts. By
         * default, the JDK's authorities are trusted, or those of {@code javax.net.ssl.trustStore}.
         */
        public Builder authorities(Path value) {
            authorities = Optional.of(value);
            return this;
        }

        /**
         * Sets whether any certificate of a server is accepted, even an expired one or one of another host; false by
         * default. Then anyone on the way to a server can read and change what is sent. A proxy with this setting logs
         * a warning when it starts.
         */
        public Builder insecure(boolean value) {
            insecure = value;
            return this;
        }

        /** Sets the certificate that is shown to servers that ask for one; none by default. */
        public Builder certificate(TlsCertificate value) {
            certificate = Optional.of(value);
            return this;
        }

        /** Sets the versions of TLS: {@code TLSv1.2}, {@code TLSv1.3} or both, which is the default. */
        public Builder protocols(Set<String> value) {
            protocols = TlsProtocols.versions("server TLS protocols", value);
            return this;
        }

        /**
         * Sets the cipher suites in order of preference, by their names in the JDK; the JDK's default suites by
         * default. An empty list means the default.
         */
        public Builder cipherSuites(List<String> value) {
            cipherSuites = TlsProtocols.suites("server TLS cipherSuites", value);
            return this;
        }

        /** Sets {@link ServerTls#handshakeTimeout}; 5 seconds by default. */
        public Builder handshakeTimeout(Duration value) {
            handshakeTimeout = Settings.duration("server TLS handshakeTimeout", value);
            return this;
        }

        /** Sets {@link ServerTls#reloadInterval}; 5 seconds by default. */
        public Builder reloadInterval(Duration value) {
            reloadInterval = Settings.duration("server TLS reloadInterval", value);
            return this;
        }

        /**
         * Returns the settings. The files are read when the proxy starts.
         *
         * @throws IllegalArgumentException if the settings are insecure and name authorities
         */
        public ServerTls build() {
            if (insecure && authorities.isPresent()) {
                throw new IllegalArgumentException(
                        "server TLS authorities have no effect with insecure; leave one of them out");
            }
            return new ServerTls(this);
        }
    }
}
