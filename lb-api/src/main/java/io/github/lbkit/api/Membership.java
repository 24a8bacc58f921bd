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
 * An immutable snapshot of a pool's servers, in the canonical order (by id), with a version that rises with every
 * change. Version 0 means that nothing is known yet, which differs from a pool without servers.
 */
public final class Membership {
    /** The membership before the first snapshot: version 0, no servers. */
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
     * Returns the snapshot of these servers.
     *
     * @param version greater than 0, and greater than the version of the pool's previous snapshot
     * @param servers in any order
     * @throws IllegalArgumentException if the version is below 1 or two servers have the same id
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

    /** Returns the snapshot of these servers with the next version. */
    public Membership next(Iterable<Server> newServers) {
        return of(version + 1, newServers);
    }

    /** The version, which rises with every change; 0 before the first snapshot. */
    public long version() {
        return version;
    }

    /** Returns whether the version is above 0. */
    public boolean isKnown() {
        return version > 0;
    }

    /** All servers, by id. */
    public List<Server> servers() {
        return servers;
    }

    /** Returns the server with this id. */
    public Optional<Server> server(String id) {
        int at = Collections.binarySearch(servers, Server.starting(id), Comparator.comparing(Server::id));
        return at < 0 ? Optional.empty() : Optional.of(servers.get(at));
    }

    /**
     * Returns the members for routing: every server that is not {@link Server.State#DRAINING}, by id, with all labels.
     */
    public List<Member> members() {
        List<Member> members = new ArrayList<>(servers.size());
        for (Server server : servers) {
            if (server.state() != Server.State.DRAINING) {
                members.add(Member.of(server));
            }
        }
        return Collections.unmodifiableList(members);
    }

    /** Returns {@link #members()} with only these labels. */
    public List<Member> members(Set<String> labels) {
        return members().stream().map(m -> m.keepingLabels(labels)).toList();
    }

    /**
     * Returns a fingerprint of the (id, weight) pairs of all servers that do not drain. Two balancers with the same
     * pairs, also in other processes, have the same value. State, instances and labels do not change the value; {@link
     * LoadBalancer#routingFingerprint} covers the labels that routing reads. The value is the first 8 bytes of SHA-256
     * over each server by id: the length of the id in UTF-8 (4 bytes, big-endian), the id, and the weight (4 bytes).
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
