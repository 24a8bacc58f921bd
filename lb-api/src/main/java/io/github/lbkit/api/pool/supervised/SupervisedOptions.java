package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.PoolUri;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.internal.pool.ServerIds;
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
    /** What happens to the instances when the pool is closed. */
    public enum OnClose {
        /** They are stopped. */
        STOP,
        /** Those that serve run on, for the next owner of the pool. */
        KEEP
    }

    /** What happens to instances that an earlier owner left. */
    public enum Leftovers {
        /** Those of the desired servers go on serving, whatever they were made of; the others are stopped. */
        ADOPT,
        /** All are stopped. */
        RETIRE
    }

    /** What happens when an earlier owner's servers were made of another spec than this owner is configured with. */
    public enum OnSpecChange {
        /** They are replaced by a rollout, as {@link Builder#rollout} says. If the new ones fail, the old ones serve on. */
        ROLL_OUT,
        /** They serve on; a server that is launched again is made of what the earlier owner had rolled out last. */
        KEEP,
        /** The pool launches and stops nothing, and {@link SupervisedPool#ready} fails. */
        REFUSE;

        /** What the option {@code on-spec-change} of a pool URI says: {@code roll-out}, {@code keep} or {@code refuse}. */
        public static OnSpecChange of(PoolUri uri) {
            return of(uri.option("on-spec-change").orElse("roll-out"));
        }

        /**
         * What this word stands for.
         *
         * @throws IllegalArgumentException if it is not {@code roll-out}, {@code keep} or {@code refuse}
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

    /** The greatest number of desired servers. */
    public int maxServers() {
        return maxServers;
    }

    /** The health checks that balancers make of the servers, unless they have checks of their own. */
    public Optional<HealthChecks> readiness() {
        return readiness;
    }

    /** What happens to the instances when the pool is closed. */
    public OnClose onClose() {
        return onClose;
    }

    /**
     * The same with other initial servers.
     *
     * @param ids in order of joining; allowed is what {@link Builder#servers(List)} and {@link Builder#build} allow
     */
    public SupervisedOptions withServers(List<String> ids) {
        return new Builder(this).servers(ids).build();
    }

    /** The same with a second admission, which is asked first. */
    SupervisedOptions alsoAsking(Consumer<List<Member>> first) {
        return new Builder(this).admission(first.andThen(admission)).build();
    }

    /** The defaults, which each of the builder's methods tells. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings; each is checked where it is set. Not thread-safe. */
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

        /** The initial servers by number, named {@code Server 1}, {@code Server 2} and so on; none by default. */
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

        /** The initial servers by id, in order of joining; each 1–63 of letters, digits, '-', '_', '.', inner blanks. */
        public Builder servers(List<String> ids) {
            for (String id : ids) {
                if (!ServerIds.wellFormed(id)) {
                    throw new IllegalArgumentException(
                            "server id '" + VisibleText.of(id) + "' is not " + ServerIds.ALLOWED);
                }
            }
            if (ids.stream().distinct().count() < ids.size()) {
                throw new IllegalArgumentException("an id stands twice among the servers " + ids);
            }
            servers = List.copyOf(ids);
            return this;
        }

        /** The greatest number of desired servers, 1 or more; 128 by default. */
        public Builder maxServers(int value) {
            maxServers = atLeastOne("maxServers", value);
            return this;
        }

        /** Asked of a launched instance until it passes; without it an instance is ready when its launch completes. */
        public Builder probe(Probe value) {
            probe = value;
            return this;
        }

        /**
         * Sets the probe of {@link #probe}, and has balancers over the pool make these checks of the servers that serve, unless
         * they have health checks of their own. A server that fails them gets no requests until it passes; it is never replaced
         * for that. None by default.
         */
        public Builder readiness(HealthChecks value) {
            readiness = Optional.of(value);
            return probe(value.probe());
        }

        /**
         * Has servers replaced that run and fail these checks, which should ask for nothing that a new instance would not
         * mend: a check that asks a database finds the database. The unhealthy verdict decides, after {@link
         * HealthChecks#fall} failures in a row. One server is replaced at a time; the new instance is launched beside the
         * old one, which serves until the new one is ready. None by default: a server that hangs is then kept from
         * traffic by the balancer, and not replaced.
         */
        public Builder liveness(HealthChecks value) {
            liveness = Optional.of(value);
            return this;
        }

        /**
         * How long nothing is replaced while more than half of the serving servers fail at once; then one is replaced to find
         * out whether that helps. 1 minute by default.
         */
        public Builder massFailureDelay(Duration value) {
            massFailureDelay = positive("massFailureDelay", value);
            return this;
        }

        /** How long a launch may take until the instance is ready; 30 s by default. */
        public Builder readinessTimeout(Duration value) {
            readinessTimeout = positive("readinessTimeout", value);
            return this;
        }

        /** How long requests in flight may take to finish before their instance is stopped; 30 s by default, or zero. */
        public Builder drainTimeout(Duration value) {
            drainTimeout = notNegative("drainTimeout", value);
            return this;
        }

        /** How long an instance may take to stop before it is killed; 5 s by default, or zero. */
        public Builder stopGrace(Duration value) {
            stopGrace = notNegative("stopGrace", value);
            return this;
        }

        /**
         * How long a server waits before it is launched again. The first time it does not wait; then at most {@code
         * min}, and twice as long after each further failure, up to {@code cap}; each wait is shortened at random by
         * up to a half. 200 ms and 30 s by default.
         */
        public Builder backoff(Duration min, Duration cap) {
            backoffMin = positive("backoff min", min);
            backoffCap = positive("backoff cap", cap);
            if (cap.compareTo(min) < 0) {
                throw new IllegalArgumentException("backoff cap " + cap + " is less than its min " + min);
            }
            return this;
        }

        /** How long an instance must have served for the failures before it to be forgotten; 10 s by default. */
        public Builder stableAfter(Duration value) {
            stableAfter = positive("stableAfter", value);
            return this;
        }

        /**
         * How many launches may be under way at once, 1 or more; 4 by default. Servers that fail repeatedly leave
         * one of them to those that do not, if there is more than one.
         */
        public Builder launchConcurrency(int value) {
            launchConcurrency = atLeastOne("launchConcurrency", value);
            return this;
        }

        /** How often the launcher's list is compared with what should be, without any hint; 30 s by default. */
        public Builder resyncInterval(Duration value) {
            resyncInterval = positive("resyncInterval", value);
            return this;
        }

        /** What the names of replacements begin with: up to 16 of {@code a-z}, digits, '-', '_'; nothing by default. */
        public Builder replacementPrefix(String value) {
            if (!value.matches("([a-z0-9][a-z0-9_-]{0,15})?")) {
                throw new IllegalArgumentException("replacementPrefix '" + VisibleText.of(value)
                        + "' is not up to 16 of a-z, 0-9, '-', '_', beginning with a letter or digit");
            }
            replacementPrefix = value;
            return this;
        }

        /** What happens to the instances when the pool is closed; {@link OnClose#STOP} by default. */
        public Builder onClose(OnClose value) {
            onClose = value;
            return this;
        }

        /** What happens to instances that an earlier owner left; {@link Leftovers#ADOPT} by default. */
        public Builder leftovers(Leftovers value) {
            leftovers = value;
            return this;
        }

        /** What happens when the configured spec is another than before; {@link OnSpecChange#ROLL_OUT} by default. */
        public Builder onSpecChange(OnSpecChange value) {
            onSpecChange = value;
            return this;
        }

        /** How new specs are rolled out; {@link RolloutOptions#DEFAULTS} by default. */
        public Builder rollout(RolloutOptions value) {
            rollout = value;
            return this;
        }

        /**
         * Asked before every change of the desired servers, with the members as they would be after it, by id; an
         * {@link IllegalArgumentException} refuses the change. Runs on the pool's scheduler: must not block. By
         * default everything is admitted. The admission of the {@link io.github.lbkit.api.PoolContext} is asked first.
         */
        public Builder admission(Consumer<List<Member>> value) {
            admission = value;
            return this;
        }

        /** Where random draws come from, 64 bits each, for names, choices and jitter; a generator per thread if unset. */
        public Builder random(LongSupplier value) {
            random = value;
            return this;
        }

        /**
         * The settings.
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
