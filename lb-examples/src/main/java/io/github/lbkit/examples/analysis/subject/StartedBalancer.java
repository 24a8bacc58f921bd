package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.examples.serve.Balancer;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.hashing.Lint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A balancer that the analysis starts in its own process, with the wiring of {@code serve}, and stops. */
public final class StartedBalancer implements AnalyzedBalancer {
    private final Balancer balancer;
    private final ReservedPathsClient client;

    private final Thread stopper;

    private StartedBalancer(Balancer balancer) {
        this.balancer = balancer;
        this.stopper = new Thread(balancer::close, "lbkit-stop");
        Runtime.getRuntime().addShutdownHook(stopper);
        this.client = new ReservedPathsClient(balancer.address());
    }

    /**
     * Starts a balancer and waits for its servers.
     *
     * @param arguments the command line, as {@code serve} accepts it
     * @throws IllegalArgumentException if an argument is not allowed
     */
    public static StartedBalancer start(List<String> arguments, List<LoadBalancerListener> listeners)
            throws IOException, InterruptedException {
        Balancer balancer = Balancer.start(ServeSettings.of(arguments), listeners);
        try {
            balancer.awaitReady();
            return new StartedBalancer(balancer);
        } catch (InterruptedException | RuntimeException e) {
            balancer.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return balancer.address();
    }

    @Override
    public Optional<String> policy() {
        return Optional.of(balancer.loadBalancer().policy().name());
    }

    @Override
    public Map<String, Double> shares() throws IOException, InterruptedException {
        LoadBalancer core = balancer.loadBalancer();
        Map<String, Double> exact =
                core.plan(new MembershipChange(List.of(), Set.of())).before();
        Map<String, Double> ordered = new LinkedHashMap<>();
        client.servers().forEach(id -> ordered.put(id, exact.getOrDefault(id, 0.0)));
        return ordered;
    }

    @Override
    public List<String> warnings() {
        LoadBalancer core = balancer.loadBalancer();
        return core.policy()
                .picker(core.membership().members())
                .router()
                .map(router -> Lint.of(router).warnings())
                .orElse(List.of());
    }

    @Override
    public void resize(int servers) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>(client.servers());
        while (ids.size() > servers) {
            client.remove(ids.remove(ids.size() - 1));
        }
        for (int i = 1; ids.size() < servers; i++) {
            if (!ids.contains("Server " + i)) {
                client.add("Server " + i);
                ids.add("Server " + i);
            }
        }
    }

    @Override
    public Optional<String> whyFixed() {
        return balancer.loadBalancer().pool() instanceof ManagedServerPool
                ? Optional.empty()
                : Optional.of("the servers of pool '" + pool() + "' are fixed");
    }

    /** Returns the name of the pool. */
    public String pool() {
        return balancer.loadBalancer().pool().name();
    }

    /** Returns the ready server that joined last, as the one to kill. */
    public Server victim() throws IOException {
        return balancer.loadBalancer().membership().servers().stream()
                .filter(s -> s.state() == Server.State.READY)
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IOException("no server is ready"));
    }

    @Override
    public void close() {
        balancer.close();
        try {
            Runtime.getRuntime().removeShutdownHook(stopper);
        } catch (IllegalStateException exiting) {
            // the hook runs, and has nothing to do
        }
    }
}
