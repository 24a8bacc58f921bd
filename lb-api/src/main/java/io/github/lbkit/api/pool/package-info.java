/** Pools: fixed servers, servers that are launched and replaced, and where they run. */
@NullMarked
package io.github.lbkit.api.pool;

import org.jspecify.annotations.NullMarked;
