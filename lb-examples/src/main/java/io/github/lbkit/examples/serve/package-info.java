/** The runnable balancer: its settings, its endpoints, and the parts it is made of. */
@NullMarked
package io.github.lbkit.examples.serve;

import org.jspecify.annotations.NullMarked;
