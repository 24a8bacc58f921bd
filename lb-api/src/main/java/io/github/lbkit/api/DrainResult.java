package io.github.lbkit.api;

/**
 * How a drain ended, counted in attempts. Immutable.
 *
 * @param finished those that were in flight when the drain began and ended by themselves
 * @param cut those that were still in flight at the deadline
 */
public record DrainResult(int finished, int cut) {
    /** Nothing was in flight. */
    public static final DrainResult NOTHING = new DrainResult(0, 0);

    /** The sum of both. */
    public DrainResult plus(DrainResult other) {
        return new DrainResult(finished + other.finished, cut + other.cut);
    }
}
