package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.internal.pool.ServerIds;
import io.github.lbkit.api.pool.spi.PoolUri;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The settings of a {@link SupervisedPool}. Immutable. */
public final class SupervisedOptions {
    /** The treatment of the instances when the pool is closed. */
    public enum OnClose {
        /** The instances are stopped. */
        STOP,
        /** Serving instances continue to run for the next owner of the pool. */
        KEEP
    }

    /** The treatment of instances that an earlier owner left. */
    public enum Leftovers {
        /** Instances of desired servers continue to serve, whatever their spec; the others are stopped. */
        ADOPT,
        /** All instances are stopped. */
        RETIRE
    }

    /** The treatment of an earlier owner's instances that run another spec than this owner is configured with. */
    public enum OnSpecChange {
        /**
         * A rollout replaces them, as {@link Builder#rollout} defines. If the new instances fail, the old ones
         * continue to serve.
         */
        ROLL_OUT,
        /** They serve on; a server that is launched again is made of what the earlier owner had rolled out last. */
        KEEP,
        /** The pool launches and stops nothing, and {@link SupervisedPool#ready} fails. */
        REFUSE;

        /**
         * Returns the value of a pool URI's option {@code on-spec-change}: {@code roll-out}, {@code keep} or {@code
         * refuse}.
         */
        public static OnSpecChange of(PoolUri uri) {
            return of(uri.option("on-spec-change").orElse("roll-out"));
        }

        /**
         * Returns the value of this option text.
         *
         * @throws IllegalArgumentException if the text is not {@code roll-out}, {@code keep} or {@code refuse}
         */
        public static OnSpecChange of(String word) {
            return switch (word) {
                case "roll-out" -> ROLL_OUT;
                case "keep" -> KEEP;
                case "refuse" -> REFUSE;
                default ->
                    throw new IllegalArgumentException(
                            "on-spec-change '" + VisibleText.of(word) + "' is not roll-out, keep or refuse");
            };
        }
    }

    final List<String> servers;
    final int maxServers;
    final Probe probe;
    final Optional<HealthChecks> readiness;
    final Optional<HealthChecks> liveness;
    final Duration massFailureDelay;
    final Duration readinessTimeout;
    final Duration drainTimeout;
    final Duration stopGrace;
    final Duration backoffMin;
    final Duration backoffCap;
    final Duration stableAfter;
    final int launchConcurrency;
    final Duration resyncInterval;
    final String replacementPrefix;
    final OnClose onClose;
    final Leftovers leftovers;
    final OnSpecChange onSpecChange;
    final RolloutOptions rollout;
    final Consumer<List<Member>> admission;
    final LongSupplier random;

    private SupervisedOptions(Builder builder) {
        servers = builder.servers;
        maxServers = builder.maxServers;
        probe = builder.probe;
        readiness = builder.readiness;
        liveness = builder.liveness;
        massFailureDelay = builder.massFailureDelay;
        readinessTimeout = builder.readinessTimeout;
        drainTimeout = builder.drainTimeout;
        stopGrace = builder.stopGrace;
        backoffMin = builder.backoffMin;
        backoffCap = builder.backoffCap;
        stableAfter = builder.stableAfter;
        launchConcurrency = builder.launchConcurrency;
        resyncInterval = builder.resyncInterval;
        replacementPrefix = builder.replacementPrefix;
        onClose = builder.onClose;
        leftovers = builder.leftovers;
        onSpecChange = builder.onSpecChange;
        rollout = builder.rollout;
        admission = builder.admission;
        random = builder.random;
    }

    /** The ids of the initial servers, in order of joining. */
    public List<String> servers() {
        return servers;
    }

    /** The maximum number of desired servers. */
    public int maxServers() {
        return maxServers;
    }

    /** The health checks that balancers make, unless they have checks of their own. */
    public Optional<HealthChecks> readiness() {
        return readiness;
    }

    /** The treatment of the instances when the pool is closed. */
    public OnClose onClose() {
        return onClose;
    }

    /**
     * Returns these settings with other initial servers.
     *
     * @param ids the ids in order of joining, with the limits of {@link Builder#servers(List)} and {@link
     *     Builder#build}
     */
    public SupervisedOptions withServers(List<String> ids) {
        return new Builder(this).servers(ids).build();
    }

    /** Returns these settings with another admission, which is asked first. */
    SupervisedOptions alsoAsking(Consumer<List<Member>> first) {
        return new Builder(this).admission(first.andThen(admission)).build();
    }

    /** Returns a builder with the default settings, which its methods describe. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder of the settings, which checks each value when it is set. Not thread-safe. */
    public static final class Builder {
        private List<String> servers = List.of();
        private int maxServers = 128;
        private Probe probe = (instance, timeout) -> CompletableFuture.completedFuture(ProbeResult.PASSED);
        private Optional<HealthChecks> readiness = Optional.empty();
        private Optional<HealthChecks> liveness = Optional.empty();
        private Duration massFailureDelay = Duration.ofMinutes(1);
        private Duration readinessTimeout = Duration.ofSeconds(30);
        private Duration drainTimeout = Duration.ofSeconds(30);
        private Duration stopGrace = Duration.ofSeconds(5);
        private Duration backoffMin = Duration.ofMillis(200);
        private Duration backoffCap = Duration.ofSeconds(30);
        private Duration stableAfter = Duration.ofSeconds(10);
        private int launchConcurrency = 4;
        private Duration resyncInterval = Duration.ofSeconds(30);
        private String replacementPrefix = "";
        private OnClose onClose = OnClose.STOP;
        private Leftovers leftovers = Leftovers.ADOPT;
        private OnSpecChange onSpecChange = OnSpecChange.ROLL_OUT;
        private RolloutOptions rollout = RolloutOptions.DEFAULTS;
        private Consumer<List<Member>> admission = members -> {};
        private LongSupplier random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        private Builder(SupervisedOptions options) {
            servers = options.servers;
            maxServers = options.maxServers;
            probe = options.probe;
            readiness = options.readiness;
            liveness = options.liveness;
            massFailureDelay = options.massFailureDelay;
            readinessTimeout = options.readinessTimeout;
            drainTimeout = options.drainTimeout;
            stopGrace = options.stopGrace;
            backoffMin = options.backoffMin;
            backoffCap = options.backoffCap;
            stableAfter = options.stableAfter;
            launchConcurrency = options.launchConcurrency;
            resyncInterval = options.resyncInterval;
            replacementPrefix = options.replacementPrefix;
            onClose = options.onClose;
            leftovers = options.leftovers;
            onSpecChange = options.onSpecChange;
            admission = options.admission;
            random = options.random;
            rollout = options.rollout;
        }

        /**
         * Sets the number of initial servers, with the ids {@code Server 1}, {@code Server 2} and so on; none by
         * default.
         */
        public Builder servers(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("servers " + count + " is negative");
            }
            List<String> ids = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                ids.add("Server " + i);
            }
            servers = ids;
            return this;
        }

        /**
         * Sets the ids of the initial servers, in order of joining. Each has 1 to 63 letters, digits, '-', '_', '.'
         * and inner blanks.
         */
        public Builder servers(List<String> ids) {
            for (String id : ids) {
                if (!ServerIds.wellFormed(id)) {
                    throw new IllegalArgumentException(
                            "server id '" + VisibleText.of(id) + "' is not " + ServerIds.ALLOWED);
                }
            }
            if (ids.stream().distinct().count() < ids.size()) {
                throw new IllegalArgumentException("an id is given twice among the servers " + ids);
            }
            servers = List.copyOf(ids);
            return this;
        }

        /** Sets the maximum number of desired servers, 1 or more; 128 by default. */
        public Builder maxServers(int value) {
            maxServers = atLeastOne("maxServers", value);
            return this;
        }

        /**
         * Sets the probe that a launched instance must pass to be ready. Without a probe, an instance is ready when
         * its launch completes.
         */
        public Builder probe(Probe value) {
            probe = value;
            return this;
        }

        /**
         * Sets the readiness checks, and {@link #probe} to their probe. Balancers over the pool make these checks,
         * unless they have health checks of their own. A server that fails them gets no requests until it passes, and
         * is not replaced. None by default.
         */
        public Builder readiness(HealthChecks value) {
            readiness = Optional.of(value);
            return probe(value.probe());
        }

        /**
         * Sets the liveness checks: a running instance that fails them is replaced, after {@link HealthChecks#fall}
         * failures in a row. The checks should fail only for faults that a new instance repairs; a check that queries
         * a database, for example, tests the database. Instances are replaced one at a time. The new instance is
         * launched beside the old one, which serves until the new one is ready. None by default: the balancer then
         * sends no traffic to a server that hangs, and the pool does not replace it.
         */
        public Builder liveness(HealthChecks value) {
            liveness = Optional.of(value);
            return this;
        }

        /**
         * Sets the time for which nothing is replaced while more than half of the serving instances fail at once.
         * After that time one is replaced, to find out whether a replacement helps. 1 minute by default.
         */
        public Builder massFailureDelay(Duration value) {
            massFailureDelay = positive("massFailureDelay", value);
            return this;
        }

        /** Sets the maximum time of a launch until the instance is ready; 30 seconds by default. */
        public Builder readinessTimeout(Duration value) {
            readinessTimeout = positive("readinessTimeout", value);
            return this;
        }

        /**
         * Sets the time that requests in flight have to finish before their instance is stopped; 30 seconds by
         * default, may be zero.
         */
        public Builder drainTimeout(Duration value) {
            drainTimeout = notNegative("drainTimeout", value);
            return this;
        }

        /** Sets the time that an instance has to stop before it is killed; 5 seconds by default, may be zero. */
        public Builder stopGrace(Duration value) {
            stopGrace = notNegative("stopGrace", value);
            return this;
        }

        /**
         * Sets the delay before a failed server is launched again. The first failure has no delay. The second has
         * {@code min}, and each further one doubles the delay up to {@code cap}. Each delay is shortened at random by
         * up to a half. 200 ms and 30 seconds by default.
         */
        public Builder backoff(Duration min, Duration cap) {
            backoffMin = positive("backoff min", min);
            backoffCap = positive("backoff cap", cap);
            if (cap.compareTo(min) < 0) {
                throw new IllegalArgumentException("backoff cap " + cap + " is less than its min " + min);
            }
            return this;
        }

        /** Sets the serving time after which earlier failures of a server are forgotten; 10 seconds by default. */
        public Builder stableAfter(Duration value) {
            stableAfter = positive("stableAfter", value);
            return this;
        }

        /**
         * Sets the maximum number of launches at one time, 1 or more; 4 by default. Servers that fail repeatedly leave
         * one launch to the others, if the maximum is greater than one.
         */
        public Builder launchConcurrency(int value) {
            launchConcurrency = atLeastOne("launchConcurrency", value);
            return this;
        }

        /**
         * Sets the interval of reconciliation: the time after which the launcher's list is compared with the desired
         * servers without a hint; 30 seconds by default.
         */
        public Builder resyncInterval(Duration value) {
            resyncInterval = positive("resyncInterval", value);
            return this;
        }

        /**
         * Sets the prefix of the names of replacements: up to 16 of {@code a-z}, digits, '-' and '_'; empty by
         * default.
         */
        public Builder replacementPrefix(String value) {
            if (!value.matches("([a-z0-9][a-z0-9_-]{0,15})?")) {
                throw new IllegalArgumentException("replacementPrefix '" + VisibleText.of(value)
                        + "' is not up to 16 of a-z, 0-9, '-', '_', beginning with a letter or digit");
            }
            replacementPrefix = value;
            return this;
        }

        /** Sets the treatment of the instances when the pool is closed; {@link OnClose#STOP} by default. */
        public Builder onClose(OnClose value) {
            onClose = value;
            return this;
        }

        /** Sets the treatment of instances that an earlier owner left; {@link Leftovers#ADOPT} by default. */
        public Builder leftovers(Leftovers value) {
            leftovers = value;
            return this;
        }

        /** Sets the treatment of instances of another spec; {@link OnSpecChange#ROLL_OUT} by default. */
        public Builder onSpecChange(OnSpecChange value) {
            onSpecChange = value;
            return this;
        }

        /** Sets the options of rollouts; {@link RolloutOptions#DEFAULTS} by default. */
        public Builder rollout(RolloutOptions value) {
            rollout = value;
            return this;
        }

        /**
         * Sets the check of every change. It gets the members as they would be after the change, sorted by id, and
         * refuses the change by an {@link IllegalArgumentException}. It runs on the pool's scheduler and must not
         * block. By default every change is admitted. The admission of the {@link
         * io.github.lbkit.api.pool.spi.PoolContext} is
         * asked first.
         */
        public Builder admission(Consumer<List<Member>> value) {
            admission = value;
            return this;
        }

        /**
         * Sets the source of 64-bit random numbers for names, choices and jitter; one generator per thread by default.
         */
        public Builder random(LongSupplier value) {
            random = value;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if there are more servers than {@code maxServers}
         */
        public SupervisedOptions build() {
            if (servers.size() > maxServers) {
                throw new IllegalArgumentException(
                        "servers " + servers.size() + " is more than maxServers " + maxServers);
            }
            return new SupervisedOptions(this);
        }

        private static int atLeastOne(String setting, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(setting + " " + value + " is not 1 or more");
            }
            return value;
        }

        private static Duration positive(String setting, Duration value) {
            if (value.isZero()) {
                throw new IllegalArgumentException(setting + " " + value + " is not positive");
            }
            return notNegative(setting, value);
        }

        private static Duration notNegative(String setting, Duration value) {
            if (value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(setting + " " + value + " is not within zero to a day");
            }
            return value;
        }
    }
}
