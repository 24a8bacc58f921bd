/** Pools whose servers are containers of a Docker engine. */
@NullMarked
package io.github.lbkit.docker;

import org.jspecify.annotations.NullMarked;
