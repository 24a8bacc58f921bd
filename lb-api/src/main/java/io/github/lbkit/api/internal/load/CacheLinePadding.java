package io.github.lbkit.api.internal.load;

/**
 * Padding in front of the fields of a subclass: two instances of the subclass never share a cache line. The JVM lays
 * out the fields of a superclass first.
 */
abstract class CacheLinePadding {
    long padding0;
    long padding1;
    long padding2;
    long padding3;
    long padding4;
    long padding5;
    long padding6;
    long padding7;
    long padding8;
}
