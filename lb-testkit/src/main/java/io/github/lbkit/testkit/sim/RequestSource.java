package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;

/**
 * The source of requests of a simulation, with the objects that they share. Confined to the thread of the simulation.
 */
final class RequestSource {
    private final Scenario scenario;
    private final Scheduler scheduler;
    private final LoadBalancer balancer;
    private final SimulatedServers servers;
    private final RunMetrics metrics;
    private final RandomSource arrivals;
    private final RandomSource keys;
    private final RandomSource idempotence;

    RequestSource(
            Scenario scenario,
            Scheduler scheduler,
            LoadBalancer balancer,
            SimulatedServers servers,
            RunMetrics metrics,
            RandomSource random) {
        this.scenario = scenario;
        this.scheduler = scheduler;
        this.balancer = balancer;
        this.servers = servers;
        this.metrics = metrics;
        arrivals = random.split("arrivals");
        keys = random.split("keys");
        idempotence = random.split("kinds of requests");
        balancer.follow(new LossListener());
    }

    Scheduler scheduler() {
        return scheduler;
    }

    LoadBalancer balancer() {
        return balancer;
    }

    SimulatedServers servers() {
        return servers;
    }

    RunMetrics metrics() {
        return metrics;
    }

    Client client() {
        return scenario.client();
    }

    /** Schedules the next request, unless it is after the end of the scenario. */
    void scheduleNext() {
        Duration now = Duration.ofNanos(scheduler.nanoTime());
        Duration gap = scenario.arrivals().untilNext(now, arrivals);
        if (now.plus(gap).compareTo(scenario.time()) < 0) {
            scheduler.schedule(gap, this::arrive);
        }
    }

    private void arrive() {
        scheduleNext();
        boolean idempotent = idempotence.unit() < client().idempotentShare();
        new SimulatedRequest(this, scenario.keys().draw(keys), idempotent).begin();
    }

    private final class LossListener implements LoadBalancerListener {
        /** Defers its work, because the balancer calls it while it ends an attempt. */
        @Override
        public void instanceLost(Server server, Instance instance) {
            for (PendingAttempt attempt :
                    servers.instance(instance.generation()).pendingAttempts()) {
                scheduler.execute(attempt::instanceLost);
            }
        }

        @Override
        public void ejected(Server server, Duration time) {
            metrics.ejected();
        }
    }
}
