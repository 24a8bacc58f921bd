/** Containers that others start, and which of them are servers. */
@NullMarked
package io.github.lbkit.docker.internal.discovery;

import org.jspecify.annotations.NullMarked;
