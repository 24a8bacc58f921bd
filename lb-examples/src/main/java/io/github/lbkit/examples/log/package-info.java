/** The log of the runnable balancer: an SLF4J provider with text or JSON lines that never blocks its callers. */
@NullMarked
package io.github.lbkit.examples.log;

import org.jspecify.annotations.NullMarked;
