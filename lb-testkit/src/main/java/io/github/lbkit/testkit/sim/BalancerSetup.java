package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.policy.LeastRequests;
import io.github.lbkit.api.policy.RandomChoice;
import io.github.lbkit.api.policy.RoundRobin;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The policy and settings of a simulated balancer. Settings are those of {@link LoadBalancer.Builder}. Immutable; each
 * run builds a policy and a balancer of its own.
 */
public final class BalancerSetup {
    private final String name;
    private final Function<LongSupplier, Policy> policy;
    private final Consumer<LoadBalancer.Builder> settings;

    private BalancerSetup(String name, Function<LongSupplier, Policy> policy, Consumer<LoadBalancer.Builder> settings) {
        this.name = name;
        this.policy = policy;
        this.settings = settings;
    }

    /**
     * Returns a setup of this policy with default settings. A policy with a random source of its own makes runs differ.
     */
    public static BalancerSetup of(Policy policy) {
        return of(policy.name(), random -> policy);
    }

    /**
     * Returns a setup that creates a policy for each run, with default settings.
     *
     * @param name the name in reports
     * @param policy creates a policy, which must use the given random source alone
     */
    public static BalancerSetup of(String name, Function<LongSupplier, Policy> policy) {
        return new BalancerSetup(name, policy, builder -> {});
    }

    /** Returns round robin with default settings. */
    public static BalancerSetup roundRobin() {
        return of("round-robin", RoundRobin::new);
    }

    /** Returns random choice with default settings. */
    public static BalancerSetup random() {
        return of(new RandomChoice());
    }

    /** Returns least requests with default settings. */
    public static BalancerSetup leastRequests() {
        return of(new LeastRequests());
    }

    /**
     * Returns this setup with further settings.
     *
     * @param addition the text that reports append to the name after a plus sign
     * @param more applies the settings, once per run; it must create new objects of stateful settings, such as a retry
     *     budget
     */
    public BalancerSetup with(String addition, Consumer<LoadBalancer.Builder> more) {
        return new BalancerSetup(name + " + " + addition, policy, settings.andThen(more));
    }

    /**
     * Returns this setup with protection: ejection by failures and by 5 times the median latency, warm-up over 2
     * seconds, and a retry budget of 20 % of the requests plus 10 per second.
     */
    public BalancerSetup withProtection() {
        Ejection ejection = Ejection.builder().latencyFactor(5).build();
        return with(
                "protection",
                builder -> builder.ejection(ejection)
                        .warmUp(new WarmUp(Duration.ofSeconds(2), 0.1))
                        .retryBudget(new RetryBudget(0.2, 10)));
    }

    /** The name in reports. */
    public String name() {
        return name;
    }

    Policy policy(LongSupplier random) {
        return policy.apply(random);
    }

    void apply(LoadBalancer.Builder builder) {
        settings.accept(builder);
    }

    @Override
    public String toString() {
        return name;
    }
}
