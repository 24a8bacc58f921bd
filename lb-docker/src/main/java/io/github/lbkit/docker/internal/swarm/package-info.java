/** A service of a swarm, and its tasks as servers. */
@NullMarked
package io.github.lbkit.docker.internal.swarm;

import org.jspecify.annotations.NullMarked;
