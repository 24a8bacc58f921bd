package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.ListenerTls.ClientAuth;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for TLS towards clients. */
public final class TlsSettings {
    private static final int MAX_HANDSHAKES = 1_000_000;
    private static final int MAX_SESSION_SECONDS = 7 * 24 * 3600;

    @Option(
            names = "--tls-certificate",
            paramLabel = CertificateOption.FORM,
            split = ",",
            description = "the certificate of the traffic listener, which then speaks TLS only: a PEM file with"
                    + " certificates and key, two PEM files, or a PKCS#12 file. May be given several times; the name"
                    + " that a client asks for chooses, and the first one serves other names. Changed files are used"
                    + " without a restart (default: none, the listener speaks clear text)")
    private List<String> certificates = new ArrayList<>();

    @Option(
            names = "--tls-key-password-file",
            paramLabel = "FILE",
            description = "a file with the passwords of encrypted keys and PKCS#12 files, one in each line")
    private Optional<Path> keyPasswordFile = Optional.empty();

    @Option(
            names = "--tls-client-ca",
            paramLabel = "FILE",
            description = "a PEM file with the authorities whose certificates clients must show")
    private Optional<Path> clientCa = Optional.empty();

    @Option(
            names = "--tls-client-auth",
            paramLabel = "need|want",
            description = "refuse clients without a certificate, or accept them too (default: need with"
                    + " --tls-client-ca)")
    private Optional<String> clientAuth = Optional.empty();

    @Option(
            names = "--tls-client-crl",
            paramLabel = "FILE",
            description = "a PEM file with the revocation lists of the authorities of --tls-client-ca, one of each"
                    + " authority in the chain of a client")
    private Optional<Path> clientCrl = Optional.empty();

    @Option(
            names = "--tls-protocols",
            paramLabel = "VERSION",
            split = ",",
            defaultValue = "TLSv1.2,TLSv1.3",
            description = "the versions of TLS towards clients (default: ${DEFAULT-VALUE})")
    private List<String> protocols = new ArrayList<>(List.of("TLSv1.2", "TLSv1.3"));

    @Option(
            names = "--tls-ciphers",
            paramLabel = "NAME",
            split = ",",
            description = "the cipher suites towards clients in order of preference, by their names in the JDK"
                    + " (default: those of the JDK)")
    private List<String> ciphers = new ArrayList<>();

    @Option(
            names = "--tls-handshake-timeout",
            paramLabel = "MS",
            defaultValue = "10000",
            description = "milliseconds for the TLS handshake of a client (default: ${DEFAULT-VALUE})")
    private long handshakeMillis = 10_000;

    @Option(
            names = "--tls-max-handshakes",
            paramLabel = "N",
            defaultValue = "1000",
            description = "the maximum number of TLS handshakes in progress (default: ${DEFAULT-VALUE})")
    private int maxHandshakes = 1000;

    @Option(
            names = "--tls-session-lifetime",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "seconds for which a client may resume its TLS session; its certificate is not verified again"
                    + " within this time (default: ${DEFAULT-VALUE})")
    private int sessionSeconds = 3600;

    TlsSettings() {}

    /** Refuses values that are not allowed, and files that cannot be used. */
    void check() {
        try {
            listener().ifPresent(ListenerTls::checkFiles);
        } catch (SettingException wrong) {
            throw wrong;
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("TLS towards clients: " + wrong.getMessage(), wrong);
        }
    }

    /** Returns whether clients are asked for certificates. */
    boolean asksForCertificates() {
        return clientCa.isPresent();
    }

    /** Returns whether clients connect over TLS. */
    public boolean isOn() {
        return !certificates.isEmpty();
    }

    /** Sets TLS towards clients, if there is a certificate. */
    public void applyTo(ReverseProxyBuilder builder) {
        listener().ifPresent(builder::tls);
    }

    private Optional<ListenerTls> listener() {
        if (certificates.isEmpty()) {
            requireUnused("--tls-key-password-file", keyPasswordFile.isPresent());
            requireUnused("--tls-client-ca", clientCa.isPresent());
            requireUnused("--tls-client-auth", clientAuth.isPresent());
            requireUnused("--tls-client-crl", clientCrl.isPresent());
            requireUnused("--tls-ciphers", !ciphers.isEmpty());
            return Optional.empty();
        }
        ListenerTls.Builder builder = null;
        for (String text : certificates) {
            var certificate = CertificateOption.parse("--tls-certificate", text, keyPasswordFile);
            builder = builder == null ? ListenerTls.builder(certificate) : builder.certificate(certificate);
        }
        return Optional.ofNullable(builder).map(this::build);
    }

    private static void requireUnused(String option, boolean isGiven) {
        if (isGiven) {
            throw new IllegalArgumentException(option + " needs --tls-certificate " + CertificateOption.FORM);
        }
    }

    private ListenerTls build(ListenerTls.Builder builder) {
        if (clientCa.isEmpty()) {
            if (clientAuth.isPresent() || clientCrl.isPresent()) {
                throw new IllegalArgumentException((clientAuth.isPresent() ? "--tls-client-auth" : "--tls-client-crl")
                        + " needs --tls-client-ca FILE, whose authorities clients' certificates come from");
            }
        } else {
            builder.clientAuthorities(clientCa.get()).clientAuth(auth());
            clientCrl.ifPresent(builder::clientRevocations);
        }
        if (sessionSeconds < 1 || sessionSeconds > MAX_SESSION_SECONDS) {
            throw new SettingException(
                    "--tls-session-lifetime", String.valueOf(sessionSeconds), "seconds, 1 to " + MAX_SESSION_SECONDS);
        }
        if (maxHandshakes < 1 || maxHandshakes > MAX_HANDSHAKES) {
            throw new SettingException("--tls-max-handshakes", String.valueOf(maxHandshakes), "1 to " + MAX_HANDSHAKES);
        }
        set("--tls-protocols", protocols, () -> builder.protocols(new LinkedHashSet<>(protocols)));
        set("--tls-ciphers", ciphers, () -> builder.cipherSuites(ciphers));
        return builder.handshakeTimeout(OptionChecks.millis("--tls-handshake-timeout", handshakeMillis))
                .maxHandshakes(maxHandshakes)
                .sessionLifetime(Duration.ofSeconds(sessionSeconds))
                .build();
    }

    /** Runs a setter; refuses the value by the name of the option. */
    static void set(String option, List<String> value, Runnable setter) {
        try {
            setter.run();
        } catch (IllegalArgumentException wrong) {
            throw new SettingException(option, String.join(",", value), allowed(wrong));
        }
    }

    private static String allowed(IllegalArgumentException wrong) {
        String message = String.valueOf(wrong.getMessage());
        int begin = message.indexOf("allowed: ");
        return begin < 0 ? message : message.substring(begin + "allowed: ".length());
    }

    private ClientAuth auth() {
        return OptionChecks.choice("--tls-client-auth", clientAuth.orElse("need"), "need", "want") == 0
                ? ClientAuth.NEED
                : ClientAuth.WANT;
    }
}
