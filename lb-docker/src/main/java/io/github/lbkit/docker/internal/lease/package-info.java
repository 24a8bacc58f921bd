/** Ownership of a pool that several processes open: the lease, its owner and the processes that wait for it. */
@NullMarked
package io.github.lbkit.docker.internal.lease;

import org.jspecify.annotations.NullMarked;
