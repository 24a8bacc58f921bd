/** Containers that others start, and the servers that a pool makes of them. */
@NullMarked
package io.github.lbkit.docker.internal.discovery;

import org.jspecify.annotations.NullMarked;
