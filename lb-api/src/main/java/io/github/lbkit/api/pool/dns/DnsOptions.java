package io.github.lbkit.api.pool.dns;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.internal.pool.ServerUri;
import io.github.lbkit.api.pool.spi.PolledPool;
import io.github.lbkit.api.runtime.NameResolver;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of a {@link DnsPool}: the name, the name server and the times. Immutable. */
public final class DnsOptions {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?");
    private static final Pattern NAME_SERVER = Pattern.compile("[^\\s/?#@]+");

    final String name;

    /** The port of the servers; 0 for a service, whose records hold the ports. */
    final int port;

    final Duration pollInterval;
    final Duration timeout;
    final Duration drain;
    final Family family;
    final Optional<String> nameServer;
    final Map<String, String> attributes;
    final boolean allPriorities;

    /** The addresses of a host that are servers. */
    public enum Family {
        /** All addresses. */
        ANY,
        /** IPv4 addresses. */
        IPV4,
        /** IPv6 addresses. */
        IPV6
    }

    private DnsOptions(Builder builder) {
        name = builder.name;
        port = builder.port;
        pollInterval = builder.pollInterval;
        timeout = builder.timeout;
        drain = builder.drain;
        family = builder.family;
        nameServer = builder.nameServer;
        attributes = builder.attributes;
        allPriorities = builder.allPriorities;
    }

    /** Returns a builder for the addresses of a host (A and AAAA records) with this port. */
    public static Builder host(String name, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "port " + port + " of " + VisibleText.of(name) + " is not within 1 to 65535");
        }
        return new Builder(name, port);
    }

    /** Returns a builder for the SRV records of a service, such as {@code _http._tcp.example.org}. */
    public static Builder service(String name) {
        return new Builder(name, 0);
    }

    PolledPool.Source source(NameResolver names) {
        return port > 0 && nameServer.isEmpty() ? new ResolvedHost(this, names) : new DnsRecords(this, names);
    }

    /** A builder of the settings, which checks each value when it is set. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final int port;
        private Duration pollInterval = Duration.ofSeconds(10);
        private Duration timeout = Duration.ofSeconds(5);
        private Duration drain = Duration.ofSeconds(30);
        private Family family = Family.ANY;
        private Optional<String> nameServer = Optional.empty();
        private Map<String, String> attributes = Map.of();
        private boolean allPriorities;

        private Builder(String name, int port) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + VisibleText.of(name) + "' is not a name of DNS");
            }
            this.name = name;
            this.port = port;
        }

        /** Sets the pause between two polls; 10 seconds by default. */
        public Builder pollInterval(Duration value) {
            pollInterval = positive("pollInterval", value);
            return this;
        }

        /** Sets the maximum time to wait for an answer; 5 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = positive("timeout", value);
            return this;
        }

        /** Sets the time that attempts in flight have to finish on a removed server; 30 seconds by default. */
        public Builder drain(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("DNS pool's drain " + value + " is negative");
            }
            drain = value;
            return this;
        }

        /** Sets the addresses of a host that are servers; {@link Family#ANY} by default. No effect for a service. */
        public Builder family(Family value) {
            family = value;
            return this;
        }

        /**
         * Sets the name server, {@code host} or {@code host:port}, asked over UDP and TCP; the pool's {@link
         * NameResolver} by default.
         */
        public Builder nameServer(String value) {
            if (!NAME_SERVER.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "name server '" + VisibleText.of(value) + "' is not host or host:port");
            }
            nameServer = Optional.of(value);
            return this;
        }

        /**
         * Sets the scheme of the servers: a letter and then letters, digits, {@code +}, {@code -} or {@code .}. The
         * default is {@code http}. With {@code https}, the servers of a host have its name as {@link Address#SNI}.
         */
        public Builder scheme(String value) {
            if (!ServerUri.isScheme(value)) {
                throw new IllegalArgumentException(
                        "scheme '" + VisibleText.of(value) + "' is not " + ServerUri.ALLOWED_SCHEMES);
            }
            attributes = attributes(value.toLowerCase(Locale.ROOT));
            return this;
        }

        private Map<String, String> attributes(String scheme) {
            if (scheme.equals("http")) {
                return Map.of();
            }
            return scheme.equals("https") && port > 0
                    ? Map.of(Address.SCHEME, scheme, Address.SNI, name)
                    : Map.of(Address.SCHEME, scheme);
        }

        /**
         * Sets whether SRV records of every priority are servers; false by default, which takes the records of the
         * lowest priority number only.
         */
        public Builder allPriorities(boolean value) {
            allPriorities = value;
            return this;
        }

        /** Returns the settings. */
        public DnsOptions build() {
            return new DnsOptions(this);
        }

        private static Duration positive(String setting, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("DNS pool's " + setting + " " + value + " is not positive");
            }
            return value;
        }
    }
}
