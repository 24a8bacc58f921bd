package io.github.lbkit.docker;

import io.github.lbkit.docker.internal.settings.SettingChecks;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings of a {@link SwarmServerPool}: the service that it follows, the manager, and its timeouts. Immutable.
 *
 * <pre>{@code
 * SwarmOptions options = SwarmOptions.service("shop").port(8080).build();
 * }</pre>
 */
public final class SwarmOptions {
    private final Builder settings;

    private SwarmOptions(Builder builder) {
        settings = new Builder(builder);
    }

    /** Returns a builder with the default settings for the tasks of this service. */
    public static Builder service(String name) {
        return new Builder(SettingChecks.name("service", name, ""));
    }

    /** The service's name. */
    public String service() {
        return settings.service;
    }

    /** The address of a manager's engine; empty for the engine that Docker's command line would use. */
    public Optional<String> host() {
        return settings.host;
    }

    /** The port inside the containers; empty for the only published port. */
    public OptionalInt port() {
        return settings.port;
    }

    /** The network on which the balancer reaches the tasks; empty if it uses ports published on their nodes. */
    public Optional<String> network() {
        return settings.network;
    }

    /** The pause between two polls. */
    public Duration pollInterval() {
        return settings.pollInterval;
    }

    /** The maximum duration of one call to the engine. */
    public Duration timeout() {
        return settings.timeout;
    }

    /** The time in which requests to a task that the swarm stops may finish. */
    public Duration drain() {
        return settings.drain;
    }

    /** The maximum time for which a change waits for each of its servers. */
    public Duration changeTimeout() {
        return settings.changeTimeout;
    }

    /** The maximum number of servers to which the pool scales. */
    public int maxServers() {
        return settings.maxServers;
    }

    /** Collects the settings; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private final String service;
        private Optional<String> host = Optional.empty();
        private OptionalInt port = OptionalInt.empty();
        private Optional<String> network = Optional.empty();
        private Duration pollInterval = Duration.ofMillis(500);
        private Duration timeout = Duration.ofSeconds(5);
        private Duration drain = Duration.ofSeconds(10);
        private Duration changeTimeout = Duration.ofSeconds(60);
        private int maxServers = 128;

        private Builder(String service) {
            this.service = service;
        }

        private Builder(Builder other) {
            service = other.service;
            host = other.host;
            port = other.port;
            network = other.network;
            pollInterval = other.pollInterval;
            timeout = other.timeout;
            drain = other.drain;
            changeTimeout = other.changeTimeout;
            maxServers = other.maxServers;
        }

        /**
         * Sets the address of a manager's engine, {@code unix:///path} or {@code tcp://host:port}. The default is the
         * engine that Docker's command line would use.
         */
        public Builder host(String value) {
            host = Optional.of(value);
            return this;
        }

        /** Sets the port inside the containers; by default the only port that the service publishes. */
        public Builder port(int value) {
            port = OptionalInt.of(SettingChecks.port("swarm's port", value));
            return this;
        }

        /** Sets the network that the balancer shares with the tasks. {@link #port} must be set, too. */
        public Builder network(String value) {
            network = Optional.of(value);
            return this;
        }

        /**
         * Sets the pause between two polls; 500 ms by default. It bounds the delay of news from other nodes, for which
         * a manager sends no events.
         */
        public Builder pollInterval(Duration value) {
            pollInterval = SettingChecks.positive("swarm's pollInterval", value);
            return this;
        }

        /** Sets the maximum duration of one call to the engine; 5 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = SettingChecks.positive("swarm's timeout", value);
            return this;
        }

        /**
         * Sets the time in which requests to a task that the swarm stops may finish; 10 seconds by default. The swarm
         * does not wait for them, so that the stop grace period of the service should be at least as long.
         */
        public Builder drain(Duration value) {
            drain = SettingChecks.notNegative("swarm's drain", value);
            return this;
        }

        /** Sets the maximum time for which a change waits for each of its servers; 1 minute by default. */
        public Builder changeTimeout(Duration value) {
            changeTimeout = SettingChecks.positive("swarm's changeTimeout", value);
            return this;
        }

        /**
         * Sets the maximum number of servers to which the pool scales, 1 to 10,000; 128 by default. Other clients may
         * exceed it.
         */
        public Builder maxServers(int value) {
            maxServers = SettingChecks.range("swarm's maxServers", value, 1, 10_000);
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException if a network is set and no port
         */
        public SwarmOptions build() {
            if (network.isPresent() && port.isEmpty()) {
                throw new IllegalArgumentException(
                        "swarm's network " + network.get() + " needs a port: nothing is published there");
            }
            return new SwarmOptions(this);
        }
    }
}
