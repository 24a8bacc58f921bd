/** The wiring of a balancer, the writer of snapshots, and the queue of waiting calls. */
@NullMarked
package io.github.lbkit.api.internal.balancer;

import org.jspecify.annotations.NullMarked;
