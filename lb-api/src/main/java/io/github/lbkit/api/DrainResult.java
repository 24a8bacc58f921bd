package io.github.lbkit.api;

/**
 * The result of a drain, in attempts. Immutable.
 *
 * @param finished the number of attempts that were in flight when the drain began and ended by themselves
 * @param cut the number of attempts that were still in flight at the deadline
 */
public record DrainResult(int finished, int cut) {
    /** No attempt was in flight. */
    public static final DrainResult NOTHING = new DrainResult(0, 0);

    /** Returns the sum of two results. */
    public DrainResult plus(DrainResult other) {
        return new DrainResult(finished + other.finished, cut + other.cut);
    }
}
