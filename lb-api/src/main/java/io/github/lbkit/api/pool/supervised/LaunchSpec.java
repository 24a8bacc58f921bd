package io.github.lbkit.api.pool.supervised;

/**
 * What instances are made of: a command, an image, an environment. A launcher knows its own kind; a pool compares hashes
 * and passes it on. Immutable.
 */
@FunctionalInterface
public interface LaunchSpec {
    /** Names all of it: two specs with one hash launch the same thing. Not blank, and short enough for a label. */
    String hash();
}
