/** The commands that show the decisions of a policy, without a running balancer. */
@NullMarked
package io.github.lbkit.examples.decide;

import org.jspecify.annotations.NullMarked;
