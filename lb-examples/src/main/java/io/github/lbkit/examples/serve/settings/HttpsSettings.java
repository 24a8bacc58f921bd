package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for what HTTP tells of TLS: the redirect, HSTS, and the field for servers. */
public final class HttpsSettings {
    private static final long MAX_HSTS_SECONDS = 3650L * 24 * 3600;

    @Option(
            names = "--redirect-http",
            paramLabel = "[HOST:]PORT",
            description = "a further address, whose clients speak plain HTTP and are redirected to https on the port of"
                    + " --listen, with status 308. Needs --tls-certificate. The host is that of --listen unless given"
                    + " (default: none)")
    private Optional<String> redirect = Optional.empty();

    @Option(
            names = "--hsts",
            paramLabel = "SECONDS",
            description = "seconds for which browsers use only https for this host (Strict-Transport-Security); 0 makes"
                    + " them forget it. A server's own field is kept. Needs --tls-certificate (default: no such field)")
    private Optional<Long> hsts = Optional.empty();

    @Option(
            names = "--client-certificate-header",
            paramLabel = "NAME",
            description = "the field in which servers receive the subject of the client's verified certificate. A"
                    + " client's own field of this name is always removed (default: none)")
    private Optional<String> certificateHeader = Optional.empty();

    HttpsSettings() {}

    /** Refuses values that are not allowed. */
    void check(boolean overTls, ListenAddress listen) {
        redirectAddress(listen);
        if (redirect.isPresent() && !overTls) {
            throw new IllegalArgumentException(
                    "--redirect-http needs --tls-certificate FILE: there is no https to" + " redirect to");
        }
        if (hsts.isPresent() && !overTls) {
            throw new IllegalArgumentException(
                    "--hsts needs --tls-certificate FILE: browsers ignore the field on plain connections");
        }
        applyTo(ReverseProxy.builder());
    }

    /** The address whose clients are redirected to https; empty if there is none. */
    public Optional<ListenAddress> redirectAddress(ListenAddress listen) {
        return redirect.map(text -> {
            boolean isPort = text.matches("[0-9]+");
            ListenAddress parsed = ListenAddress.parse("--redirect-http", isPort ? "host:" + text : text);
            return isPort ? new ListenAddress(listen.host(), parsed.port()) : parsed;
        });
    }

    /** Sets HSTS and the field for servers. */
    public void applyTo(ReverseProxyBuilder builder) {
        hsts.ifPresent(seconds -> {
            if (seconds < 0 || seconds > MAX_HSTS_SECONDS) {
                throw new SettingException("--hsts", String.valueOf(seconds), "seconds, 0 to " + MAX_HSTS_SECONDS);
            }
            builder.hsts(Duration.ofSeconds(seconds));
        });
        certificateHeader.ifPresent(name -> {
            try {
                builder.clientCertificateHeader(name);
            } catch (IllegalArgumentException wrong) {
                throw new SettingException(
                        "--client-certificate-header",
                        name,
                        "a field name such as X-Client-Certificate, which the balancer does not set itself");
            }
        });
    }
}
