package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.testkit.ManualScheduler;
import java.time.Duration;
import java.util.List;

/**
 * Plays a scenario against a balancer on virtual time: everything that decides is the real thing ({@link LoadBalancer} with
 * its policies, ejection, warm-up, budget and bounded load), everything around it is simulated, on one thread.
 *
 * <p>The same scenario, setup and seed give the same outcome to the bit, on every JVM. Arrivals, keys and the kinds of
 * requests are the same for every setup, so that outcomes can be compared. A run takes microseconds a request, whatever
 * the time that it plays.
 *
 * <p><b>Good for</b> comparing policies and protections on trouble that is rare or dear in reality, and for noticing that
 * a change of code changed behaviour. <b>Bad for</b> anything about threads, sockets or speed: there are none.
 */
public final class Simulation {
    private final Scenario scenario;
    private final BalancerSetup setup;
    private final ManualScheduler scheduler = new ManualScheduler();
    private final Tally tally = new Tally(scheduler);
    private final SimulatedServers servers;
    private final MovedKeys policy;
    private final LoadBalancer balancer;
    private final Traffic traffic;

    private Simulation(Scenario scenario, BalancerSetup setup, long seed) {
        this.scenario = scenario;
        this.setup = setup;
        Draws draws = new Draws(seed);
        servers = new SimulatedServers(scheduler, tally, draws.part("servers"), scenario.servers());
        policy = new MovedKeys(setup.policy(draws.part("policy")::bits));
        LoadBalancer.Builder builder = LoadBalancer.builder(servers.pool(), policy)
                .runtimes(scheduler.asRuntimes())
                .random(draws.part("balancer")::bits);
        setup.apply(builder);
        balancer = builder.build();
        traffic = new Traffic(scenario, scheduler, balancer, servers, tally, draws);
    }

    /**
     * Plays the scenario once.
     *
     * @throws IllegalStateException if an attempt was still counted as in flight when every request had ended: the
     *     balancer has lost count
     */
    public static Outcome run(Scenario scenario, BalancerSetup setup, long seed) {
        return new Simulation(scenario, setup, seed).play();
    }

    private Outcome play() {
        for (Scenario.Event event : scenario.events()) {
            servers.after(event.at(), () -> event.change().accept(servers));
        }
        traffic.planNext();

        scheduler.advance(scenario.loadsFrom());
        tally.forgetLoads();
        Duration measured = scenario.time().minus(scenario.loadsFrom());
        scheduler.advance(measured);
        List<ServerOutcome> loads = tally.loads(servers.ids(), measured.toNanos());
        // whoever came last is answered or has failed by then
        scheduler.advance(scenario.client().requestTimeout());

        requireAllEnded();
        balancer.close();
        return new Outcome(scenario, setup, tally, loads, policy.sum());
    }

    private void requireAllEnded() {
        if (tally.open() > 0) {
            throw new IllegalStateException(tally.open() + " requests never ended");
        }
        balancer.servers().forEach(status -> {
            if (status.inFlight() != 0) {
                throw new IllegalStateException(
                        "after the last request, " + status.inFlight() + " attempts are counted as in flight to "
                                + status.server().id());
            }
        });
    }
}
