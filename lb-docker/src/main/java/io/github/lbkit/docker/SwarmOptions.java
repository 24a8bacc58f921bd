package io.github.lbkit.docker;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Which service a {@link SwarmServerPool} follows, and how. Immutable. */
public final class SwarmOptions {
    private final Builder settings;

    private SwarmOptions(Builder builder) {
        settings = new Builder(builder);
    }

    /** The tasks of this service. */
    public static Builder service(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException(
                    "service '" + name + "' is not 1 to 63 of letters, digits, '.', '_', '-'");
        }
        return new Builder(name);
    }

    /** The service's name. */
    public String service() {
        return settings.service;
    }

    /** The address of an engine that is a manager; the one that Docker's command line would talk to if empty. */
    public Optional<String> host() {
        return settings.host;
    }

    /** The port inside of the containers; the only one that is published if empty. */
    public OptionalInt port() {
        return settings.port;
    }

    /** The network on which tasks are talked to; where their ports are published on their nodes if empty. */
    public Optional<String> network() {
        return settings.network;
    }

    /** The pause between two looks. */
    public Duration every() {
        return settings.every;
    }

    /** How long each call may take. */
    public Duration timeout() {
        return settings.timeout;
    }

    /** How long listeners may take to let go of a task that is to stop. */
    public Duration drain() {
        return settings.drain;
    }

    /** How long a change waits for each server that it waits for. */
    public Duration changeTimeout() {
        return settings.changeTimeout;
    }

    /** The greatest number of servers that the pool scales to. */
    public int maxServers() {
        return settings.maxServers;
    }

    /** Collects the settings; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private final String service;
        private Optional<String> host = Optional.empty();
        private OptionalInt port = OptionalInt.empty();
        private Optional<String> network = Optional.empty();
        private Duration every = Duration.ofMillis(500);
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
            every = other.every;
            timeout = other.timeout;
            drain = other.drain;
            changeTimeout = other.changeTimeout;
            maxServers = other.maxServers;
        }

        /** An engine that is a manager; the one that Docker's command line would talk to by default. */
        public Builder host(String value) {
            host = Optional.of(value);
            return this;
        }

        /** The port inside of the containers; by default the only one that the service publishes. */
        public Builder port(int value) {
            if (value < 1 || value > 65_535) {
                throw new IllegalArgumentException("swarm's port " + value + " is not within 1 to 65535");
            }
            port = OptionalInt.of(value);
            return this;
        }

        /** A network that the balancer shares with the tasks; {@link #port} must be set, too. */
        public Builder network(String value) {
            network = Optional.of(value);
            return this;
        }

        /** The pause between two looks; half a second by default: nobody tells a manager what happens on other nodes. */
        public Builder every(Duration value) {
            every = positive("every", value);
            return this;
        }

        /** How long each call may take; 5 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = positive("timeout", value);
            return this;
        }

        /**
         * How long listeners may take to let go of a task that is to stop; 10 seconds by default. The swarm does not wait for
         * them: the task's own grace should be as long.
         */
        public Builder drain(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("swarm's drain " + value + " is negative");
            }
            drain = value;
            return this;
        }

        /** How long a change waits for each server that it waits for; a minute by default. */
        public Builder changeTimeout(Duration value) {
            changeTimeout = positive("changeTimeout", value);
            return this;
        }

        /** The greatest number of servers that the pool scales to, 1 to 10,000; 128 by default. Others may scale beyond. */
        public Builder maxServers(int value) {
            if (value < 1 || value > 10_000) {
                throw new IllegalArgumentException("swarm's maxServers " + value + " is not within 1 to 10000");
            }
            maxServers = value;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if there is a network and no port
         */
        public SwarmOptions build() {
            if (network.isPresent() && port.isEmpty()) {
                throw new IllegalArgumentException(
                        "swarm's network " + network.get() + " needs a port: nothing is published there");
            }
            return new SwarmOptions(this);
        }

        private static Duration positive(String setting, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("swarm's " + setting + " " + value + " is not positive");
            }
            return value;
        }
    }
}
