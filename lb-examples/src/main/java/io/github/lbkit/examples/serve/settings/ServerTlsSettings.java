package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.ServerTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for TLS towards servers, whose addresses have the scheme https. */
public final class ServerTlsSettings {
    @Option(
            names = "--server-ca",
            paramLabel = "FILE",
            description = "a PEM file with the authorities that servers' certificates must come from (default: the"
                    + " authorities that the JDK trusts)")
    private Optional<Path> authorities = Optional.empty();

    @Option(
            names = "--server-certificate",
            paramLabel = CertificateOption.FORM,
            description = "the certificate that is shown to servers that ask for one, as in --tls-certificate"
                    + " (default: none)")
    private Optional<String> certificate = Optional.empty();

    @Option(
            names = "--server-key-password-file",
            paramLabel = "FILE",
            description = "a file with the passwords of the key of --server-certificate, one in each line")
    private Optional<Path> keyPasswordFile = Optional.empty();

    @Option(
            names = "--server-tls-protocols",
            paramLabel = "VERSION",
            split = ",",
            defaultValue = "TLSv1.2,TLSv1.3",
            description = "the versions of TLS towards servers (default: ${DEFAULT-VALUE})")
    private List<String> protocols = new ArrayList<>(List.of("TLSv1.2", "TLSv1.3"));

    @Option(
            names = "--server-tls-insecure",
            description = "accept any certificate of a server, for tests: anyone on the way can read and change what is"
                    + " sent")
    private boolean insecure;

    ServerTlsSettings() {}

    /** Refuses values that are not allowed, and files that cannot be used. */
    void check() {
        try {
            settings().checkFiles();
        } catch (SettingException wrong) {
            throw wrong;
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("TLS towards servers: " + wrong.getMessage(), wrong);
        }
    }

    /** Sets TLS towards servers. */
    public void applyTo(ReverseProxyBuilder builder) {
        builder.serverTls(settings());
    }

    /** The settings of TLS towards servers, for the proxy and for health checks. */
    public ServerTls settings() {
        if (insecure && authorities.isPresent()) {
            throw new IllegalArgumentException(
                    "--server-ca has no effect with --server-tls-insecure; leave one of" + " them out");
        }
        if (keyPasswordFile.isPresent() && certificate.isEmpty()) {
            throw new IllegalArgumentException(
                    "--server-key-password-file needs --server-certificate " + CertificateOption.FORM);
        }
        ServerTls.Builder builder = ServerTls.builder().insecure(insecure);
        TlsSettings.set("--server-tls-protocols", protocols, () -> builder.protocols(new LinkedHashSet<>(protocols)));
        authorities.ifPresent(builder::authorities);
        certificate.ifPresent(
                text -> builder.certificate(CertificateOption.parse("--server-certificate", text, keyPasswordFile)));
        return builder.build();
    }
}
