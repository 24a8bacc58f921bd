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
 * How the balancer of a simulation is set up: a policy, and whatever {@link LoadBalancer.Builder} offers. Immutable; each
 * run makes a policy and a balancer of its own from it.
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

    /** A balancer by this policy with the defaults of everything else; a policy that draws on its own spoils the repetition. */
    public static BalancerSetup of(Policy policy) {
        return of(policy.name(), random -> policy);
    }

    /**
     * A balancer by the policy that this makes for each run.
     *
     * @param name as reports show it
     * @param policy gets the source that its own draws must come from
     */
    public static BalancerSetup of(String name, Function<LongSupplier, Policy> policy) {
        return new BalancerSetup(name, policy, builder -> {});
    }

    /** Round robin with the defaults of everything else. */
    public static BalancerSetup roundRobin() {
        return of("round-robin", RoundRobin::new);
    }

    /** Random choice with the defaults of everything else. */
    public static BalancerSetup random() {
        return of(new RandomChoice());
    }

    /** Least requests with the defaults of everything else. */
    public static BalancerSetup leastRequests() {
        return of(new LeastRequests());
    }

    /**
     * The same with further settings.
     *
     * @param addition what reports show after the name and a plus sign
     * @param more called for each run; makes anew what has state of its own, such as a retry budget
     */
    public BalancerSetup with(String addition, Consumer<LoadBalancer.Builder> more) {
        return new BalancerSetup(name + " + " + addition, policy, settings.andThen(more));
    }

    /**
     * The same with ejection by failures and by five times the median latency, warm-up over two seconds, and a retry
     * budget of a fifth of the requests and ten a second.
     */
    public BalancerSetup withProtection() {
        Ejection ejection = Ejection.builder().latencyFactor(5).build();
        return with(
                "protection",
                builder -> builder.ejection(ejection)
                        .warmUp(new WarmUp(Duration.ofSeconds(2), 0.1))
                        .retryBudget(new RetryBudget(0.2, 10)));
    }

    /** As reports show it. */
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
