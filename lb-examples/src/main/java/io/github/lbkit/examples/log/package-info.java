/** The log of the runnable balancer: an SLF4J provider whose lines are text or JSON and never hold up their caller. */
@NullMarked
package io.github.lbkit.examples.log;

import org.jspecify.annotations.NullMarked;
