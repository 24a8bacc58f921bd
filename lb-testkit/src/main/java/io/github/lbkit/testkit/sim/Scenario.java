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
 * What a simulation plays: servers, requests, and what happens to the servers meanwhile. Immutable; one scenario serves any
 * number of runs.
 */
public final class Scenario {
    private final String name;
    private final Map<String, ServerModel> servers;
    private final Arrivals arrivals;
    private final Keys keys;
    private final Client client;
    private final Duration time;
    private final Duration loadsFrom;
    private final Optional<String> watched;
    private final List<Event> events;

    /** What happens at a time from the beginning. */
    record Event(Duration at, Consumer<SimulatedServers> change) {}

    private Scenario(Builder builder) {
        name = builder.name;
        servers = Collections.unmodifiableMap(new TreeMap<>(builder.servers));
        arrivals = builder.arrivals;
        keys = builder.keys;
        client = builder.client;
        time = builder.time;
        loadsFrom = builder.loadsFrom;
        watched = builder.watched;
        events = List.copyOf(builder.events);
    }

    /** A scenario of this name, with what the builder's methods tell as defaults. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** As reports show it. */
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

    Duration loadsFrom() {
        return loadsFrom;
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
        private Client client = Client.DEFAULT;
        private Duration time = Duration.ofSeconds(15);
        private Duration loadsFrom = Duration.ZERO;
        private Optional<String> watched = Optional.empty();

        private Builder(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("a scenario needs a name");
            }
            this.name = name;
        }

        /** So many servers like this more, named S1, S2 and so on, which are ready when the simulation begins. */
        public Builder servers(int count, ServerModel model) {
            int first = servers.size() + 1;
            for (int i = first; i < first + count; i++) {
                server("S" + i, model);
            }
            return this;
        }

        /** One server more, which is ready when the simulation begins. */
        public Builder server(String id, ServerModel model) {
            if (servers.put(id, model) != null) {
                throw new IllegalArgumentException("two servers have the id '" + id + "'");
            }
            return this;
        }

        /** When requests come; a thousand a second at random by default. */
        public Builder arrivals(Arrivals value) {
            arrivals = value;
            return this;
        }

        /** What requests are routed by; 10,000 keys, all as frequent, by default. */
        public Builder keys(Keys value) {
            keys = value;
            return this;
        }

        /** How clients wait and repeat; {@link Client#DEFAULT} by default. */
        public Builder client(Client value) {
            client = value;
            return this;
        }

        /** How long requests come; 15 seconds by default. Those under way then still end. */
        public Builder lasting(Duration value) {
            time = value;
            return this;
        }

        /** From when on the servers' loads are measured; from the beginning by default. */
        public Builder loadsFrom(Duration value) {
            loadsFrom = value;
            return this;
        }

        /** The server whose share of the attempts a report shows; none by default. */
        public Builder watch(String id) {
            watched = Optional.of(id);
            return this;
        }

        /**
         * What happens at a time from the beginning, before the requests of that time; it may itself plan what happens
         * later, by {@link SimulatedServers#after}.
         */
        public Builder at(Duration when, Consumer<SimulatedServers> change) {
            if (when.isNegative()) {
                throw new IllegalArgumentException("an event at " + when + " is before the beginning");
            }
            events.add(new Event(when, change));
            return this;
        }

        /** The scenario. */
        public Scenario build() {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("lasting " + time + " is not positive");
            }
            if (loadsFrom.isNegative() || loadsFrom.compareTo(time) >= 0) {
                throw new IllegalArgumentException("loadsFrom " + loadsFrom + " is not from 0 to below " + time);
            }
            return new Scenario(this);
        }
    }
}
