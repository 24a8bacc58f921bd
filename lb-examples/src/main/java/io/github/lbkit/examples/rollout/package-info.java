/** The command that rolls out through the admin listener of a running balancer. */
@NullMarked
package io.github.lbkit.examples.rollout;

import org.jspecify.annotations.NullMarked;
