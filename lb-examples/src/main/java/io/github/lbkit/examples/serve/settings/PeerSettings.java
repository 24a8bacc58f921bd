package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for proxies in front of it, and for its own name among proxies. */
public final class PeerSettings {
    @Option(
            names = "--trusted-proxies",
            paramLabel = "CIDR",
            split = ",",
            description = "the networks of trusted proxies in front of this one, such as 10.0.0.0/8,fd00::/8. The"
                    + " Forwarded and X-Forwarded fields of these proxies are trusted and passed on (default: none)")
    private List<String> trustedProxies = new ArrayList<>();

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
        trusted();
        applyTo(ReverseProxy.builder());
    }

    private List<Cidr> trusted() {
        List<Cidr> networks = new ArrayList<>();
        for (String text : trustedProxies) {
            try {
                networks.add(Cidr.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new SettingException(
                        "--trusted-proxies", text, "networks such as 10.0.0.0/8,fd00::/8: " + e.getMessage());
            }
        }
        return networks;
    }

    /** Sets the trusted proxies and the name of a proxy. */
    public void applyTo(ReverseProxyBuilder builder) {
        builder.trustedProxies(trusted()).abortOnHalfClose(abortOnHalfClose);
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
