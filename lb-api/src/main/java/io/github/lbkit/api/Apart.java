package io.github.lbkit.api;

/**
 * Keeps what a subclass writes from what stands before it in memory, so that two of them never share a cache line: a
 * superclass's fields come first.
 */
abstract sealed class Apart permits Stripe {
    long apart0;
    long apart1;
    long apart2;
    long apart3;
    long apart4;
    long apart5;
    long apart6;
    long apart7;
    long apart8;
}
