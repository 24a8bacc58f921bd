package io.github.lbkit.bench.hashing;

/** A function from the hash of a key to the index of its server. */
public interface Lookup {
    /** Returns the index of the owner in the list of servers from which this look-up was created. */
    int owner(long keyHash);
}
