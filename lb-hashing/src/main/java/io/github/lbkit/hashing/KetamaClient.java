package io.github.lbkit.hashing;

import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.ketama.KetamaVariant;
import io.github.lbkit.hashing.internal.ketama.MemcachedNodeList;
import java.util.List;

/**
 * The memcached client whose owners {@link HashRouters#ketama(java.util.Collection, KetamaClient)} reproduces. Clients differ
 * in how they name a server on the ring, in its number of points, and in how they hash keys. Ids have the form {@code
 * host:port}; an IPv6 address is in brackets.
 */
public enum KetamaClient {
    /**
     * Spymemcached with its {@code KetamaConnectionFactory}, in its own format of names: {@code host:port}, the usual port
     * 11211 included. A server that is given by name has the id {@code name/ip:port}, as {@code
     * String.valueOf(InetSocketAddress)} prints; a slash in front is left out. 160 points for each of equal weights, and
     * libmemcached's number for unequal ones.
     */
    SPYMEMCACHED(KetamaVariant.SPYMEMCACHED),

    /**
     * Libmemcached with {@code MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED}: pylibmc's {@code ketama_weighted}, php-memcached's {@code
     * OPT_LIBKETAMA_COMPATIBLE}, spymemcached's format {@code LIBMEMCACHED}, and twemproxy with {@code hash: md5}. The port
     * 11211 is left out of the name. About 160 points for each of equal weights: rounding in single precision makes them 156
     * for 25, 47, 50 and some other numbers of servers.
     */
    LIBMEMCACHED_WEIGHTED(KetamaVariant.LIBMEMCACHED_WEIGHTED),

    /**
     * Libmemcached with {@code MEMCACHED_BEHAVIOR_KETAMA} and nothing else: pylibmc's {@code ketama}. The port 11211 is left
     * out of the name. 100 points for a server, each from a hash of its own; points and keys are hashed by {@link
     * KeyHashes#oneAtATime}. As soon as one weight is above 1, the points are those of {@link #LIBMEMCACHED_WEIGHTED}.
     */
    LIBMEMCACHED(KetamaVariant.LIBMEMCACHED),

    /** {@link #LIBMEMCACHED} with {@code MEMCACHED_BEHAVIOR_HASH} set to MD5, which then hashes both points and keys. */
    LIBMEMCACHED_MD5(KetamaVariant.LIBMEMCACHED_MD5);

    private final KetamaVariant variant;

    KetamaClient(KetamaVariant variant) {
        this.variant = variant;
    }

    KetamaVariant variant() {
        return variant;
    }

    /** The function by which this client hashes keys. */
    public KeyHash keyHash() {
        return variant.keyHash();
    }

    /**
     * Reads the members from a list of nodes, as this client's configuration has the list: {@code 10.0.1.1:11211 600,
     * 10.0.1.2:11211 300}. Nodes are apart by commas, blanks or line ends. A node is {@code host}, {@code host:port}, {@code
     * host:port weight} or {@code host:port:weight}; libmemcached's {@code --SERVER=host:port/?weight} is taken too. The
     * port is 11211 where there is none, the weight 1 where there is none or 0. Ids have the form {@code host:port}. No name
     * is looked up.
     *
     * @throws IllegalArgumentException if a node cannot be read, is there twice, or is a name without an address for {@link
     *     #SPYMEMCACHED}; the message names the node
     */
    public List<Member> members(String nodes) {
        return MemcachedNodeList.members(nodes, variant);
    }
}
