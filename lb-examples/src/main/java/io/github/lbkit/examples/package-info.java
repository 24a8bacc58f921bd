/** The entry point of the runnable balancer and its commands. */
@NullMarked
package io.github.lbkit.examples;

import org.jspecify.annotations.NullMarked;
