/** The command for rollouts on a running balancer, through its admin listener. */
@NullMarked
package io.github.lbkit.examples.rollout;

import org.jspecify.annotations.NullMarked;
