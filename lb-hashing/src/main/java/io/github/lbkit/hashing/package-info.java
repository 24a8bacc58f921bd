/**
 * Consistent hashing: routers as pure functions of members and key, their key hashes, and the lint of a router.
 *
 * <p>A router is also available as a policy by name, with options as text:
 *
 * <pre>{@code
 * Policy policy = Policies.named("hash", Map.of("max-servers", "1000"));
 * LoadBalancer balancer = LoadBalancer.builder(pool, policy).build();
 * }</pre>
 *
 * <ul>
 *   <li>{@code hash}, the recommended one: the claim table; option {@code max-servers} (128)
 *   <li>{@code rendezvous}
 *   <li>{@code capped}: options {@code max-servers} (128), {@code epsilon} (0.05)
 *   <li>{@code ring}: option {@code points-per-weight} (100)
 *   <li>{@code ketama}, with the key hash of its client: option {@code client} (spymemcached, or libmemcached-weighted,
 *       libmemcached, libmemcached-md5), see {@link io.github.lbkit.hashing.KetamaClient}
 *   <li>{@code envoy-ring}, with xxHash64 for keys: options {@code min-ring-size} (1024), {@code max-ring-size}
 *       (8388608), {@code hash-function} (xx-hash, or murmur-hash-2)
 *   <li>{@code maglev}: option {@code max-servers} (128)
 *   <li>{@code envoy-maglev}, with xxHash64 for keys: option {@code table-size} (65537)
 *   <li>{@code jump}
 *   <li>{@code assignment}, with its own numbering of keys: options {@code probing} (linear, or quadratic), {@code
 *       first-id} (1), {@code first-j} (0)
 * </ul>
 */
@NullMarked
package io.github.lbkit.hashing;

import org.jspecify.annotations.NullMarked;
