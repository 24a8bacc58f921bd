package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.testkit.ManualScheduler;
import java.time.Duration;
import java.util.List;

/**
 * A run of a scenario on virtual time and one thread. The {@link LoadBalancer} is the real one with its policy,
 * ejection, warm-up, retry budget and bounded load; servers and clients are simulated.
 *
 * <p>Equal scenario, setup and seed give an equal outcome on every JVM. Arrivals, keys and idempotence of requests are
 * the same for every setup, so that outcomes can be compared. A run takes some microseconds per request.
 *
 * <p><b>Good for</b> comparing policies and protection under failures that are rare or expensive in reality, and for
 * detecting that a change of code has changed behaviour. <b>Bad for</b> questions about threads, sockets or speed,
 * which are not simulated.
 */
public final class Simulation {
    private final Scenario scenario;
    private final BalancerSetup setup;
    private final ManualScheduler scheduler = new ManualScheduler();
    private final RunMetrics metrics = new RunMetrics(scheduler);
    private final SimulatedServers servers;
    private final MovedKeysRecorder policy;
    private final LoadBalancer balancer;
    private final RequestSource traffic;

    private Simulation(Scenario scenario, BalancerSetup setup, long seed) {
        this.scenario = scenario;
        this.setup = setup;
        RandomSource random = new RandomSource(seed);
        servers = new SimulatedServers(scheduler, metrics, random.split("servers"), scenario.servers());
        policy = new MovedKeysRecorder(setup.policy(random.split("policy")::bits));
        LoadBalancer.Builder builder = LoadBalancer.builder(servers.pool(), policy)
                .runtimes(scheduler.asRuntimes())
                .random(random.split("balancer")::bits);
        setup.apply(builder);
        balancer = builder.build();
        traffic = new RequestSource(scenario, scheduler, balancer, servers, metrics, random);
    }

    /**
     * Runs a scenario once.
     *
     * @throws IllegalStateException if the balancer still counts an attempt as in flight after every request has ended
     */
    public static SimulationOutcome run(Scenario scenario, BalancerSetup setup, long seed) {
        return new Simulation(scenario, setup, seed).execute();
    }

    private SimulationOutcome execute() {
        for (Scenario.Event event : scenario.events()) {
            servers.after(event.at(), () -> event.change().accept(servers));
        }
        traffic.scheduleNext();

        scheduler.advance(scenario.measureLoadsFrom());
        metrics.startLoadMeasurement();
        Duration measured = scenario.time().minus(scenario.measureLoadsFrom());
        scheduler.advance(measured);
        List<ServerOutcome> loads = metrics.loads(servers.ids(), measured.toNanos());
        // the last requests have succeeded or failed by then
        scheduler.advance(scenario.client().requestTimeout());

        checkAllEnded();
        balancer.close();
        return new SimulationOutcome(scenario, setup, metrics, loads, policy.sum());
    }

    private void checkAllEnded() {
        if (metrics.open() > 0) {
            throw new IllegalStateException(metrics.open() + " requests never ended");
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
