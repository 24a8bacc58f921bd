package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.examples.analysis.result.AnalysisSettings;
import io.github.lbkit.examples.load.LoadGenerator;
import io.github.lbkit.examples.load.LoadObserver;
import io.github.lbkit.examples.load.LoadPlan;
import io.github.lbkit.examples.load.LoadResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;

/** A running balancer. Its servers are changed only if that is allowed, and restored at the end. */
public final class AttachedBalancer implements AnalyzedBalancer {
    private static final int SAMPLE = 2_000;
    private static final int SAMPLE_CONNECTIONS = 20;

    private final InetSocketAddress address;
    private final ReservedPathsClient client;
    private final boolean mayChange;
    private final Preflight offer;
    private final List<String> added = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();

    /**
     * Connects to a balancer and finds out what it offers.
     *
     * @param mayChange whether servers may be added and removed
     * @param token the token of the balancer, if it needs one
     * @throws IllegalArgumentException if the address is not {@code http://host:port}
     */
    public AttachedBalancer(String url, boolean mayChange, Optional<String> token) throws IOException {
        URI parsed = URI.create(url);
        if (!"http".equals(parsed.getScheme())
                || parsed.getHost() == null
                || !parsed.getPath().matches("/?")) {
            throw new IllegalArgumentException(
                    "--url '" + url + "' is not allowed; allowed: such as http://127.0.0.1:7432");
        }
        String host = parsed.getHost().replaceAll("[\\[\\]]", "");
        this.address = new InetSocketAddress(resolve(host), parsed.getPort() < 0 ? 80 : parsed.getPort());
        this.client = new ReservedPathsClient(address, token);
        this.mayChange = mayChange;
        try {
            this.offer = Preflight.of(client, url, mayChange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during the first requests to the balancer", e);
        }
    }

    /** Returns what the balancer offers to the analysis. */
    public Preflight offer() {
        return offer;
    }

    private static InetAddress resolve(String host) throws IOException {
        try {
            return NameResolver.system()
                    .resolve(host)
                    .toCompletableFuture()
                    .join()
                    .get(0);
        } catch (CompletionException e) {
            throw new IOException("--url cannot be reached: " + e.getMessage(), e);
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Optional<String> policy() {
        return Optional.empty();
    }

    /** Returns the shares from a plan that is never carried out; equal shares if the balancer makes no plans. */
    @Override
    public Map<String, Double> shares() throws IOException, InterruptedException {
        List<String> servers = offer.reserved() ? client.servers() : answering();
        Map<String, Double> planned = offer.plans() ? client.shares().orElse(Map.of()) : Map.of();
        Map<String, Double> shares = new LinkedHashMap<>();
        servers.forEach(id -> shares.put(id, planned.getOrDefault(id, planned.isEmpty() ? 1.0 / servers.size() : 0)));
        return shares;
    }

    /** Returns the servers that answer a sample of requests, for a balancer that does not list its servers. */
    private List<String> answering() throws IOException {
        LoadResult sample = LoadGenerator.run(
                LoadPlan.closedLoop(address, AnalysisSettings.PATH, SAMPLE, SAMPLE_CONNECTIONS, 1), LoadObserver.NONE);
        if (sample.servers().isEmpty()) {
            throw new IOException("no server behind " + address + " has answered with its name");
        }
        return List.copyOf(new TreeSet<>(sample.servers().keySet()));
    }

    @Override
    public List<String> warnings() {
        return offer.plans()
                ? List.of()
                : List.of(
                        "The balancer does not report shares, so equal shares are expected, whatever its weights are.");
    }

    @Override
    public void resize(int servers) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>(client.servers());
        while (ids.size() > servers) {
            String id = ids.remove(ids.size() - 1);
            client.remove(id);
            if (!added.remove(id)) {
                removed.add(id);
            }
        }
        for (int i = 1; ids.size() < servers; i++) {
            String id = "analysis-" + i;
            if (!ids.contains(id)) {
                client.add(id);
                ids.add(id);
                added.add(id);
            }
        }
    }

    @Override
    public Optional<String> whyFixed() {
        if (!offer.reserved()) {
            return Optional.of("the balancer at " + address + " has no /add and /rm to change its servers");
        }
        return mayChange
                ? Optional.empty()
                : Optional.of("the balancer at " + address
                        + " was not started by this analysis; --allow-changes allows it to add and remove"
                        + " servers there");
    }

    /** Restores the servers of the balancer. */
    @Override
    public void close() throws IOException {
        try {
            for (String id : removed) {
                client.add(id);
            }
            for (String id : added) {
                client.remove(id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted before the servers were restored: to add " + removed + ", to remove " + added, e);
        }
        removed.clear();
        added.clear();
    }
}
