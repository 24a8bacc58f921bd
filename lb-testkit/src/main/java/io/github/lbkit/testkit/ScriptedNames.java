package io.github.lbkit.testkit;

import io.github.lbkit.api.NameResolver;
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
 * A name resolver that knows what a test tells it: addresses of names, names that are never answered, and unknown names, which
 * fail at once. Thread-safe; remembers nothing between calls and has no threads.
 */
public final class ScriptedNames implements NameResolver {
    private final Map<String, CompletableFuture<List<InetAddress>>> answers = new ConcurrentHashMap<>();
    private final List<String> lookups = new CopyOnWriteArrayList<>();

    /** Creates a resolver that knows no name. */
    public ScriptedNames() {}

    /**
     * Sets the addresses of a name.
     *
     * @param addresses in text form, in their order
     */
    public ScriptedNames set(String name, String... addresses) {
        List<InetAddress> parsed = Stream.of(addresses)
                .map(text -> NameResolver.literal(text)
                        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IP address")))
                .toList();
        answers.put(name, CompletableFuture.completedFuture(parsed));
        return this;
    }

    /** Makes a name one whose look-ups do not end. */
    public ScriptedNames hang(String name) {
        answers.put(name, new CompletableFuture<>());
        return this;
    }

    /** Forgets a name, which is unknown from now on. */
    public ScriptedNames forget(String name) {
        answers.remove(name);
        return this;
    }

    /** Returns the names that were asked for, in order; IP addresses are not among them. */
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
