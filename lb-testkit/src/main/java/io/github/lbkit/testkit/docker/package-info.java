/**
 * A Docker engine in memory with injectable faults, for tests of pools on machines without Docker. This package holds
 * what a test uses; the implementation is in packages that are not exported.
 */
@NullMarked
package io.github.lbkit.testkit.docker;

import org.jspecify.annotations.NullMarked;
