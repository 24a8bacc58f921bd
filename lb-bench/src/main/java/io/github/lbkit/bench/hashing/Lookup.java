package io.github.lbkit.bench.hashing;

/** From the hash of a key to the index of its server. */
public interface Lookup {
    /** The owner's index in the list of servers that this was made of. */
    int owner(long keyHash);
}
