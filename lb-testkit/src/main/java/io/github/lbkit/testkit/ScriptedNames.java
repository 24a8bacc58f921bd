package io.github.lbkit.testkit;

import io.github.lbkit.api.runtime.NameResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A name resolver with the addresses that a test sets. Names can also hang; unknown names fail at once. Thread-safe; it
 * neither caches nor starts threads.
 */
public final class ScriptedNames implements NameResolver {
    private final Map<String, CompletableFuture<List<InetAddress>>> answers = new ConcurrentHashMap<>();
    private final List<String> lookups = new CopyOnWriteArrayList<>();

    /** Creates a resolver without names. */
    public ScriptedNames() {}

    /**
     * Sets the addresses of a name.
     *
     * @param addresses the IP addresses as text, in order
     */
    public ScriptedNames set(String name, String... addresses) {
        List<InetAddress> parsed = Stream.of(addresses)
                .map(text -> NameResolver.literal(text)
                        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IP address")))
                .toList();
        answers.put(name, CompletableFuture.completedFuture(parsed));
        return this;
    }

    /** Makes the look-ups of a name hang. */
    public ScriptedNames hang(String name) {
        answers.put(name, new CompletableFuture<>());
        return this;
    }

    /** Removes a name, whose look-ups fail from now on. */
    public ScriptedNames forget(String name) {
        answers.remove(name);
        return this;
    }

    /** Returns the names that were looked up, in order, without IP addresses. */
    public List<String> lookups() {
        return List.copyOf(lookups);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String host) {
        Optional<InetAddress> literal = NameResolver.literal(host);
        if (literal.isPresent()) {
            return CompletableFuture.completedFuture(List.of(literal.get()));
        }
        lookups.add(host);
        CompletableFuture<List<InetAddress>> answer = answers.get(host);
        return answer == null
                ? CompletableFuture.failedFuture(
                        new UnknownHostException("no address is known for host " + host + ": unknown name"))
                : answer.copy();
    }
}
