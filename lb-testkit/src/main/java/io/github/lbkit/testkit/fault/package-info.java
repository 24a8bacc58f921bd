/** Faults of callbacks, which a test injects one call at a time, and a check for schedulers that were not closed. */
@NullMarked
package io.github.lbkit.testkit.fault;

import org.jspecify.annotations.NullMarked;
