package io.github.lbkit.docker;

import io.github.lbkit.docker.internal.settings.SettingChecks;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of a {@link DockerDiscoveryPool}: the containers that it follows, their engine, and its timeouts. Immutable.
 *
 * <pre>{@code
 * DiscoveryOptions options = DiscoveryOptions.pool("shop").network("backend").build();
 * }</pre>
 */
public final class DiscoveryOptions {
    private final Builder settings;

    private DiscoveryOptions(Builder builder) {
        settings = new Builder(builder);
    }

    /** Returns a builder with the default settings for the containers of this pool. */
    public static Builder pool(String name) {
        return new Builder(SettingChecks.name("pool", name, " to discover"));
    }

    /** The value of the label {@link DiscoveryLabels#POOL} that the containers carry. */
    public String pool() {
        return settings.pool;
    }

    /** The address of the engine; empty for the engine that Docker's command line would use. */
    public Optional<String> host() {
        return settings.host;
    }

    /** The network on which the balancer reaches the containers; empty if it uses their published ports. */
    public Optional<String> network() {
        return settings.network;
    }

    /** The pause after a list of containers before the next one, if no event asks for a list earlier. */
    public Duration relistInterval() {
        return settings.relistInterval;
    }

    /** The maximum duration of one call to the engine. */
    public Duration timeout() {
        return settings.timeout;
    }

    /** The time in which a container that still runs but left the pool may finish its requests. */
    public Duration drain() {
        return settings.drain;
    }

    /** Collects the settings; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private final String pool;
        private Optional<String> host = Optional.empty();
        private Optional<String> network = Optional.empty();
        private Duration relistInterval = Duration.ofSeconds(10);
        private Duration timeout = Duration.ofSeconds(5);
        private Duration drain = Duration.ofSeconds(30);

        private Builder(String pool) {
            this.pool = pool;
        }

        private Builder(Builder other) {
            pool = other.pool;
            host = other.host;
            network = other.network;
            relistInterval = other.relistInterval;
            timeout = other.timeout;
            drain = other.drain;
        }

        /**
         * Sets the engine's address, {@code unix:///path} or {@code tcp://host:port}. The default is the engine that
         * Docker's command line would use.
         */
        public Builder host(String value) {
            host = Optional.of(value);
            return this;
        }

        /** Sets the network that the balancer shares with the containers. By default it uses their published ports. */
        public Builder network(String value) {
            network = Optional.of(value);
            return this;
        }

        /**
         * Sets the pause after a list before the next one, if no event asks for a list earlier; 10 seconds by default.
         */
        public Builder relistInterval(Duration value) {
            relistInterval = SettingChecks.positive("discovery's relistInterval", value);
            return this;
        }

        /** Sets the maximum duration of one call to the engine; 5 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = SettingChecks.positive("discovery's timeout", value);
            return this;
        }

        /** Sets the time in which a container that still runs but left the pool may finish; 30 seconds by default. */
        public Builder drain(Duration value) {
            drain = SettingChecks.notNegative("discovery's drain", value);
            return this;
        }

        /** Returns the options. */
        public DiscoveryOptions build() {
            return new DiscoveryOptions(this);
        }
    }
}
