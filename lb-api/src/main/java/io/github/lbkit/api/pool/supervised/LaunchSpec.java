package io.github.lbkit.api.pool.supervised;

/**
 * A description of the instances to launch: a command, an image, an environment. Each launcher has its own kind of
 * spec; a pool only compares hashes. Immutable.
 */
@FunctionalInterface
public interface LaunchSpec {
    /**
     * Returns the hash of all settings: specs with equal hashes launch equal instances. Not blank, and short enough
     * for a label.
     */
    String hash();
}
