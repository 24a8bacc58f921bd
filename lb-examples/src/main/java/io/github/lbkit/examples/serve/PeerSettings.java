package io.github.lbkit.examples.serve;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code serve} is told about proxies in front of it, and about its own name among proxies. */
final class PeerSettings {
    @Option(
            names = "--trusted-proxies",
            paramLabel = "CIDR",
            split = ",",
            description = "networks of proxies in front of this one, such as 10.0.0.0/8,fd00::/8: their Forwarded and"
                    + " X-Forwarded fields are believed and passed on (default: none)")
    List<String> trustedProxies = new ArrayList<>();

    /** Here to say what has taken the place of this option. */
    @Option(names = "--trust-forwarded", hidden = true, arity = "0..1", fallbackValue = "true")
    Optional<String> trustForwarded = Optional.empty();

    @Option(
            names = "--via",
            paramLabel = "NAME|off",
            description =
                    "the name of this balancer in the Via field of requests, by which loops are found; balancers of"
                            + " which one stands before another need different names (default: a random one)")
    Optional<String> via = Optional.empty();

    @Option(
            names = "--abort-on-half-close",
            description = "give a request up when its client ends its side of the connection")
    boolean abortOnHalfClose;

    /** Refuses what is not allowed. */
    void check() {
        trustForwarded.ifPresent(value -> {
            throw new SettingException(
                    "--trust-forwarded", value, "--trusted-proxies CIDR[,CIDR]: who is trusted is named now");
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

    void applyTo(ReverseProxyBuilder builder) {
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
