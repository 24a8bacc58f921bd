/** Ready-made pools: fixed servers, servers from a file, and pools over other pools (failover, subset). */
@NullMarked
package io.github.lbkit.api.pool;

import org.jspecify.annotations.NullMarked;
