package io.github.lbkit.api.internal.pool.provider;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.dns.DnsOptions;
import io.github.lbkit.api.pool.dns.DnsPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The provider of {@link DnsPool}s: {@code dns:} and a name. */
public final class DnsPoolProvider implements ServerPoolProvider {
    private static final Pattern HOST_PORT = Pattern.compile("([^:/]+):([0-9]{1,5})");

    /** For {@link java.util.ServiceLoader}. */
    public DnsPoolProvider() {}

    @Override
    public String scheme() {
        return "dns";
    }

    @Override
    public Set<String> options() {
        return Set.of(
                "poll-millis", "timeout-millis", "drain-seconds", "family", "name-server", "scheme", "priorities");
    }

    @Override
    public String usage() {
        return "HOST:PORT for addresses (A, AAAA) or a service's name for SRV records; options: poll-millis=10000,"
                + " timeout-millis=5000, drain-seconds=30, family=any|ipv4|ipv6, name-server=HOST[:PORT],"
                + " scheme=http, priorities=lowest|all; such as dns:shop.internal:8080 or"
                + " dns:_http._tcp.shop.internal";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        Matcher hostPort = HOST_PORT.matcher(uri.body());
        DnsOptions.Builder options = hostPort.matches()
                ? DnsOptions.host(hostPort.group(1), Integer.parseInt(hostPort.group(2)))
                : DnsOptions.service(uri.body());
        options.pollInterval(Duration.ofMillis(uri.intOption("poll-millis", 10_000, 10, 86_400_000)))
                .timeout(Duration.ofMillis(uri.intOption("timeout-millis", 5_000, 10, 600_000)))
                .drain(Duration.ofSeconds(uri.intOption("drain-seconds", 30, 0, 3_600)))
                .family(family(uri.option("family").orElse("any")))
                .scheme(uri.option("scheme").orElse("http"))
                .allPriorities(all(uri.option("priorities").orElse("lowest")));
        uri.option("name-server").ifPresent(options::nameServer);
        return DnsPool.open(context, options.build());
    }

    private static DnsOptions.Family family(String value) {
        return switch (value) {
            case "any" -> DnsOptions.Family.ANY;
            case "ipv4" -> DnsOptions.Family.IPV4;
            case "ipv6" -> DnsOptions.Family.IPV6;
            default ->
                throw new IllegalArgumentException(
                        "option 'family' of dns: '" + VisibleText.of(value) + "' is not any, ipv4 or ipv6");
        };
    }

    private static boolean all(String value) {
        return switch (value) {
            case "all" -> true;
            case "lowest" -> false;
            default ->
                throw new IllegalArgumentException(
                        "option 'priorities' of dns: '" + VisibleText.of(value) + "' is not lowest or all");
        };
    }
}
