package io.github.lbkit.hashing;

import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.ketama.KetamaVariant;
import io.github.lbkit.hashing.internal.ketama.MemcachedNodeList;
import java.util.List;

/**
 * The memcached client whose owners {@link HashRouters#ketama(java.util.Collection, KetamaClient)} reproduces. Clients
 * differ in the name of a server on the ring, in its number of points, and in the hash of keys. Ids have the form
 * {@code host:port}; an IPv6 address is in brackets.
 */
public enum KetamaClient {
    /**
     * Spymemcached with its {@code KetamaConnectionFactory} and its own format of names: {@code host:port}, also for
     * the default port 11211. A server that is configured by name has the id {@code name/ip:port}, the text of {@code
     * String.valueOf(InetSocketAddress)}; a leading slash is removed. Servers of equal weight have 160 points each;
     * otherwise the number of points is that of libmemcached.
     */
    SPYMEMCACHED(KetamaVariant.SPYMEMCACHED),

    /**
     * Libmemcached with {@code MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED}: pylibmc's {@code ketama_weighted}, php-memcached's
     * {@code OPT_LIBKETAMA_COMPATIBLE}, spymemcached's format {@code LIBMEMCACHED}, and twemproxy with {@code hash:
     * md5}. The name omits the port 11211. Servers of equal weight have about 160 points each: rounding in single
     * precision gives 156 for 25, 47, 50 and some other numbers of servers.
     */
    LIBMEMCACHED_WEIGHTED(KetamaVariant.LIBMEMCACHED_WEIGHTED),

    /**
     * Libmemcached with only {@code MEMCACHED_BEHAVIOR_KETAMA}: pylibmc's {@code ketama}. The name omits the port
     * 11211. Each server has 100 points, one for each hash; {@link KeyHashes#oneAtATime} hashes points and keys. As
     * soon as one weight is above 1, the points are those of {@link #LIBMEMCACHED_WEIGHTED}.
     */
    LIBMEMCACHED(KetamaVariant.LIBMEMCACHED),

    /** {@link #LIBMEMCACHED} with {@code MEMCACHED_BEHAVIOR_HASH} set to MD5, which hashes points and keys. */
    LIBMEMCACHED_MD5(KetamaVariant.LIBMEMCACHED_MD5);

    private final KetamaVariant variant;

    KetamaClient(KetamaVariant variant) {
        this.variant = variant;
    }

    KetamaVariant variant() {
        return variant;
    }

    /** The function with which this client hashes keys. */
    public KeyHash keyHash() {
        return variant.keyHash();
    }

    /**
     * Parses the node list of this client's configuration, such as {@code 10.0.1.1:11211 600, 10.0.1.2:11211 300}.
     * Commas, blanks or line ends separate nodes. A node is {@code host}, {@code host:port}, {@code host:port weight},
     * {@code host:port:weight} or libmemcached's {@code --SERVER=host:port/?weight}. A missing port is 11211; a missing
     * weight and weight 0 are 1. Ids have the form {@code host:port}. Names are not resolved.
     *
     * @throws IllegalArgumentException if a node cannot be parsed, occurs twice, or is a name without an address for
     *     {@link #SPYMEMCACHED}; the message names the node
     */
    public List<Member> members(String nodes) {
        return MemcachedNodeList.members(nodes, variant);
    }
}
