package io.github.lbkit.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pool's servers at one moment: an immutable snapshot with a strictly rising version, in the canonical order (by id).
 * Version 0 means that nothing is known yet, which is not the same as a pool without servers.
 */
public final class Membership {
    /** Nothing is known yet: version 0, no servers. */
    public static final Membership UNKNOWN = new Membership(0, List.of());

    private final long version;
    private final List<Server> servers;
    private final long fingerprint;

    private Membership(long version, List<Server> servers) {
        this.version = version;
        this.servers = servers;
        this.fingerprint = fingerprint(servers);
    }

    /**
     * The snapshot of these servers.
     *
     * @param version greater than 0, and greater than that of the pool's snapshot before
     * @param servers in any order
     * @throws IllegalArgumentException if the version is below 1 or two servers have one id
     */
    public static Membership of(long version, Iterable<Server> servers) {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + " is not greater than 0");
        }
        List<Server> sorted = new ArrayList<>();
        servers.forEach(sorted::add);
        sorted.sort(Comparator.comparing(Server::id));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).id().equals(sorted.get(i - 1).id())) {
                throw new IllegalArgumentException(
                        "two servers have the id '" + sorted.get(i).id() + "'");
            }
        }
        return new Membership(version, Collections.unmodifiableList(sorted));
    }

    /** The next version with these servers. */
    public Membership next(Iterable<Server> newServers) {
        return of(version + 1, newServers);
    }

    /** Rises with every change; 0 while nothing is known. */
    public long version() {
        return version;
    }

    /** Whether anything is known: version above 0. */
    public boolean isKnown() {
        return version > 0;
    }

    /** All servers, by id. */
    public List<Server> servers() {
        return servers;
    }

    /** The server with this id. */
    public Optional<Server> server(String id) {
        int at = Collections.binarySearch(servers, Server.starting(id), Comparator.comparing(Server::id));
        return at < 0 ? Optional.empty() : Optional.of(servers.get(at));
    }

    /** The members of routing: every server that is not {@link Server.State#DRAINING}, by id, with all labels. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>(servers.size());
        for (Server server : servers) {
            if (server.state() != Server.State.DRAINING) {
                members.add(Member.of(server));
            }
        }
        return Collections.unmodifiableList(members);
    }

    /** The members as a policy that reads these labels sees them: {@link #members()} without any other label. */
    public List<Member> members(Set<String> labels) {
        return members().stream().map(m -> m.keepingLabels(labels)).toList();
    }

    /**
     * Names the set of (id, weight) that is not draining, across processes and machines: two balancers that see the
     * same set have the same value. State, instances and labels do not change it; {@link LoadBalancer#routingFingerprint}
     * covers the labels that routing reads. The first 8 bytes of SHA-256 over, for
     * each server by id, the length of the id in UTF-8 (4 bytes, big-endian), the id, the weight (4 bytes).
     */
    public long fingerprint() {
        return fingerprint;
    }

    private static long fingerprint(List<Server> servers) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        for (Server server : servers) {
            if (server.state() != Server.State.DRAINING) {
                byte[] id = server.id().getBytes(StandardCharsets.UTF_8);
                sha.update(ByteBuffer.allocate(8 + id.length)
                        .putInt(id.length)
                        .put(id)
                        .putInt(server.weight())
                        .flip());
            }
        }
        return ByteBuffer.wrap(sha.digest()).getLong();
    }

    @Override
    public String toString() {
        return "version " + version + " " + servers;
    }
}
