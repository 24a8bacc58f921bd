package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import java.time.Duration;

/** The requests of a simulation: lets them come, and gives each what it works with. Confined to the simulation's thread. */
final class Traffic {
    private final Scenario scenario;
    private final Scheduler scheduler;
    private final LoadBalancer balancer;
    private final SimulatedServers servers;
    private final Tally tally;
    private final Draws gaps;
    private final Draws keys;
    private final Draws kinds;

    Traffic(
            Scenario scenario,
            Scheduler scheduler,
            LoadBalancer balancer,
            SimulatedServers servers,
            Tally tally,
            Draws draws) {
        this.scenario = scenario;
        this.scheduler = scheduler;
        this.balancer = balancer;
        this.servers = servers;
        this.tally = tally;
        gaps = draws.part("arrivals");
        keys = draws.part("keys");
        kinds = draws.part("kinds of requests");
        balancer.follow(new Watch());
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

    Tally tally() {
        return tally;
    }

    Client client() {
        return scenario.client();
    }

    /** Plans the next request, if it comes while requests come. */
    void planNext() {
        Duration now = Duration.ofNanos(scheduler.nanoTime());
        Duration gap = scenario.arrivals().untilNext(now, gaps);
        if (now.plus(gap).compareTo(scenario.time()) < 0) {
            scheduler.schedule(gap, this::arrive);
        }
    }

    private void arrive() {
        planNext();
        boolean idempotent = kinds.unit() < client().idempotentShare();
        new SimulatedRequest(this, scenario.keys().draw(keys), idempotent).begin();
    }

    private final class Watch implements LoadBalancerListener {
        /** Not at once: the balancer tells it in the middle of somebody's attempt. */
        @Override
        public void instanceLost(Server server, Instance instance) {
            for (Exchange exchange : servers.instance(instance.generation()).waitingForAnswers()) {
                scheduler.execute(exchange::instanceLost);
            }
        }

        @Override
        public void ejected(Server server, Duration time) {
            tally.ejected();
        }
    }
}
