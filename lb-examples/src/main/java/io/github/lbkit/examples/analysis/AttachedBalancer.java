package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.NameResolver;
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

/** A balancer that runs already. Its servers are changed only where that was allowed, and changed back. */
final class AttachedBalancer implements Subject {
    private static final int SAMPLE = 2_000;
    private static final int SAMPLE_CONNECTIONS = 20;

    private final InetSocketAddress address;
    private final SeedClient client;
    private final boolean mayChange;
    private final Preflight found;
    private final List<String> added = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();

    /**
     * The balancer at this address.
     *
     * @param mayChange whether servers may be added and removed
     * @param token of the balancer, if it asks for one
     * @throws IllegalArgumentException if the address is not {@code http://host:port}
     */
    AttachedBalancer(String url, boolean mayChange, Optional<String> token) throws IOException {
        URI parsed = URI.create(url);
        if (!"http".equals(parsed.getScheme())
                || parsed.getHost() == null
                || !parsed.getPath().matches("/?")) {
            throw new IllegalArgumentException(
                    "--url '" + url + "' is not allowed; allowed: such as http://127.0.0.1:7432");
        }
        String host = parsed.getHost().replaceAll("[\\[\\]]", "");
        this.address = new InetSocketAddress(resolve(host), parsed.getPort() < 0 ? 80 : parsed.getPort());
        this.client = new SeedClient(address, token);
        this.mayChange = mayChange;
        try {
            this.found = Preflight.of(client, url, mayChange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the balancer was asked what it offers", e);
        }
    }

    /** Returns what the balancer offers. */
    Preflight found() {
        return found;
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

    /** As a plan that is never carried out tells them; equal ones where the balancer makes no plans. */
    @Override
    public Map<String, Double> shares() throws IOException, InterruptedException {
        List<String> servers = found.reserved() ? client.servers() : answering();
        Map<String, Double> told = found.plans() ? client.shares().orElse(Map.of()) : Map.of();
        Map<String, Double> shares = new LinkedHashMap<>();
        servers.forEach(id -> shares.put(id, told.getOrDefault(id, told.isEmpty() ? 1.0 / servers.size() : 0)));
        return shares;
    }

    /** The servers that answer some requests, where nothing tells which there are. */
    private List<String> answering() throws IOException {
        LoadResult sample = LoadGenerator.run(
                LoadPlan.asAnswered(address, AnalysisSettings.PATH, SAMPLE, SAMPLE_CONNECTIONS, 1), LoadObserver.NONE);
        if (sample.servers().isEmpty()) {
            throw new IOException("no server behind " + address + " has answered with its name");
        }
        return List.copyOf(new TreeSet<>(sample.servers().keySet()));
    }

    @Override
    public List<String> warnings() {
        return found.plans()
                ? List.of()
                : List.of("The balancer tells no shares: equal ones are expected of it, whatever its weights are.");
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
        if (!found.reserved()) {
            return Optional.of("the balancer at " + address + " has no /add and /rm to change its servers by");
        }
        return mayChange
                ? Optional.empty()
                : Optional.of("the balancer at " + address
                        + " is somebody's; --allow-changes lets this analysis add and" + " remove servers there");
    }

    /** Puts its servers back as they were. */
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
                    "interrupted before the servers were put back: to add " + removed + ", to remove " + added, e);
        }
        removed.clear();
        added.clear();
    }
}
