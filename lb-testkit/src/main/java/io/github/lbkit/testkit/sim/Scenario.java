package io.github.lbkit.testkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The servers, requests and events of a simulation. Immutable; a scenario can be run any number of times.
 *
 * <pre>{@code
 * Scenario crash = Scenario.named("crash")
 *         .servers(5, new ServerModel(Behaviour.serving(ServiceTime.exponential(Duration.ofMillis(10))), 64, 64))
 *         .at(Duration.ofSeconds(3), servers -> servers.crash("S1"))
 *         .build();
 * Outcome outcome = Simulation.run(crash, BalancerSetup.roundRobin(), 42);
 * }</pre>
 */
public final class Scenario {
    private final String name;
    private final Map<String, ServerModel> servers;
    private final Arrivals arrivals;
    private final Keys keys;
    private final Client client;
    private final Duration time;
    private final Duration measureLoadsFrom;
    private final Optional<String> watched;
    private final List<Event> events;

    /** A change of the servers at a time since the start. */
    record Event(Duration at, Consumer<SimulatedServers> change) {}

    private Scenario(Builder builder) {
        name = builder.name;
        servers = Collections.unmodifiableMap(new TreeMap<>(builder.servers));
        arrivals = builder.arrivals;
        keys = builder.keys;
        client = builder.client;
        time = builder.time;
        measureLoadsFrom = builder.measureLoadsFrom;
        watched = builder.watched;
        events = List.copyOf(builder.events);
    }

    /** Returns a builder of a scenario with this name; its methods name the defaults. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The name in reports. */
    public String name() {
        return name;
    }

    Map<String, ServerModel> servers() {
        return servers;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Keys keys() {
        return keys;
    }

    Client client() {
        return client;
    }

    Duration time() {
        return time;
    }

    Duration measureLoadsFrom() {
        return measureLoadsFrom;
    }

    Optional<String> watched() {
        return watched;
    }

    List<Event> events() {
        return events;
    }

    @Override
    public String toString() {
        return name;
    }

    /** The settings of a scenario. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Map<String, ServerModel> servers = new TreeMap<>();
        private final List<Event> events = new ArrayList<>();
        private Arrivals arrivals = Arrivals.poisson(1_000);
        private Keys keys = Keys.uniform(10_000);
        private Client client = Client.DEFAULTS;
        private Duration time = Duration.ofSeconds(15);
        private Duration measureLoadsFrom = Duration.ZERO;
        private Optional<String> watched = Optional.empty();

        private Builder(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("a scenario needs a name");
            }
            this.name = name;
        }

        /** Adds servers of this model, named S1, S2 and so on, which are ready at the start. */
        public Builder servers(int count, ServerModel model) {
            int first = servers.size() + 1;
            for (int i = first; i < first + count; i++) {
                server("S" + i, model);
            }
            return this;
        }

        /** Adds a server, which is ready at the start. */
        public Builder server(String id, ServerModel model) {
            if (servers.put(id, model) != null) {
                throw new IllegalArgumentException("two servers have the id '" + id + "'");
            }
            return this;
        }

        /** Sets the arrival times of requests; a Poisson process of 1,000 per second by default. */
        public Builder arrivals(Arrivals value) {
            arrivals = value;
            return this;
        }

        /** Sets the distribution of request keys; 10,000 uniformly distributed keys by default. */
        public Builder keys(Keys value) {
            keys = value;
            return this;
        }

        /** Sets the timeouts and retries of clients; {@link Client#DEFAULTS} by default. */
        public Builder client(Client value) {
            client = value;
            return this;
        }

        /** Sets how long requests arrive, 15 seconds by default; requests in progress at the end still complete. */
        public Builder duration(Duration value) {
            time = value;
            return this;
        }

        /** Sets the time from which the loads of servers are measured; 0 by default. */
        public Builder measureLoadsFrom(Duration value) {
            measureLoadsFrom = value;
            return this;
        }

        /** Sets the server whose share of the attempts reports show; none by default. */
        public Builder watch(String id) {
            watched = Optional.of(id);
            return this;
        }

        /**
         * Adds a change of the servers at a time since the start, before the requests of that time. The change may
         * schedule later ones with {@link SimulatedServers#after}.
         */
        public Builder at(Duration when, Consumer<SimulatedServers> change) {
            if (when.isNegative()) {
                throw new IllegalArgumentException(
                        "when " + when + " is negative; an event cannot be before the start");
            }
            events.add(new Event(when, change));
            return this;
        }

        /** Builds the scenario. */
        public Scenario build() {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("duration " + time + " is not positive");
            }
            if (measureLoadsFrom.isNegative() || measureLoadsFrom.compareTo(time) >= 0) {
                throw new IllegalArgumentException(
                        "measureLoadsFrom " + measureLoadsFrom + " is negative, or not below the duration " + time);
            }
            return new Scenario(this);
        }
    }
}
