/** A service of Docker Swarm, its tasks as servers, and changes of its size. */
@NullMarked
package io.github.lbkit.docker.internal.swarm;

import org.jspecify.annotations.NullMarked;
