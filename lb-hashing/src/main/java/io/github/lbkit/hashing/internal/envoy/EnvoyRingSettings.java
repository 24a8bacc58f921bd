package io.github.lbkit.hashing.internal.envoy;

import java.util.function.ToLongFunction;

/**
 * The settings of Envoy's ring. Immutable.
 *
 * @param minSize the smallest number of points
 * @param maxSize the largest number of points
 * @param hashName the name of the hash function, part of the router's name and so of fingerprints
 * @param hash the hash function, from the text of a point to its position
 */
public record EnvoyRingSettings(int minSize, int maxSize, String hashName, ToLongFunction<String> hash) {}
