package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.ForwardedStyle;
import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} by which it reports clients to servers, and learns them from proxies in front. */
public final class PeerSettings {
    private static final List<ProxyProtocol> VERSIONS = List.of(ProxyProtocol.V1, ProxyProtocol.V2);
    private static final List<ForwardedStyle> STYLES =
            List.of(ForwardedStyle.X_FORWARDED, ForwardedStyle.FORWARDED, ForwardedStyle.BOTH);

    @Option(
            names = "--trusted-proxies",
            paramLabel = "CIDR",
            split = ",",
            description = "the networks of trusted proxies in front of this one, such as 10.0.0.0/8,fd00::/8. The"
                    + " Forwarded and X-Forwarded fields of these proxies are trusted and passed on (default: none)")
    private List<String> trustedProxies = new ArrayList<>();

    @Option(
            names = "--forwarded",
            paramLabel = "xff|forwarded|both",
            defaultValue = "xff",
            description =
                    "the fields by which servers learn the client: X-Forwarded-For, -Proto and -Host, or Forwarded"
                            + " (RFC 7239), or both (default: ${DEFAULT-VALUE})")
    private String forwarded = "xff";

    @Option(
            names = "--proxy-protocol",
            paramLabel = "CIDR",
            split = ",",
            description = "the networks of peers whose connections must begin with a PROXY header, version 1 or 2. Its"
                    + " source address is the client (default: none)")
    private List<String> proxyProtocol = new ArrayList<>();

    @Option(
            names = "--send-proxy",
            paramLabel = "v1|v2",
            description = "the version of the PROXY header that connections to servers and health checks begin with"
                    + " (default: no header)")
    private Optional<String> sendProxy = Optional.empty();

    /** An option that no longer exists; its error names the option that replaced it. */
    @Option(names = "--trust-forwarded", hidden = true, arity = "0..1", fallbackValue = "true")
    private Optional<String> trustForwarded = Optional.empty();

    @Option(
            names = "--via",
            paramLabel = "NAME|off",
            description =
                    "the name of this balancer in the Via field of requests, which detects request loops. Balancers in"
                            + " front of each other need different names (default: a random name)")
    private Optional<String> via = Optional.empty();

    @Option(
            names = "--abort-on-half-close",
            description = "abort a request when its client closes its side of the connection")
    private boolean abortOnHalfClose;

    PeerSettings() {}

    /** Refuses values that are not allowed. */
    void check() {
        trustForwarded.ifPresent(value -> {
            throw new SettingException(
                    "--trust-forwarded", value, "--trusted-proxies CIDR[,CIDR], which names the trusted proxies");
        });
        applyTo(ReverseProxy.builder());
    }

    private static List<Cidr> networks(String option, List<String> given) {
        List<Cidr> networks = new ArrayList<>();
        for (String text : given) {
            try {
                networks.add(Cidr.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new SettingException(option, text, "networks such as 10.0.0.0/8,fd00::/8: " + e.getMessage());
            }
        }
        return networks;
    }

    /** The version of the PROXY header that servers get; empty for none. */
    public Optional<ProxyProtocol> sendProxy() {
        return sendProxy.map(version -> VERSIONS.get(OptionChecks.choice("--send-proxy", version, "v1", "v2")));
    }

    /** Sets the settings for proxies in front, for the PROXY protocol, and the name of a proxy. */
    public void applyTo(ReverseProxyBuilder builder) {
        builder.trustedProxies(networks("--trusted-proxies", trustedProxies))
                .proxyProtocol(networks("--proxy-protocol", proxyProtocol))
                .forwarded(STYLES.get(OptionChecks.choice("--forwarded", forwarded, "xff", "forwarded", "both")))
                .abortOnHalfClose(abortOnHalfClose);
        sendProxy().ifPresent(builder::sendProxy);
        via.ifPresent(name -> {
            if (name.equals("off")) {
                builder.via(false);
                return;
            }
            try {
                builder.pseudonym(name);
            } catch (IllegalArgumentException e) {
                throw new SettingException("--via", name, "off, or a token of letters, digits and !#$%&'*+-.^_`|~");
            }
        });
    }
}
