/** A Docker engine in memory, with faults on command: for tests of pools on machines without Docker. */
@NullMarked
package io.github.lbkit.testkit.docker;

import org.jspecify.annotations.NullMarked;
