/** Servers that a name service lists: host addresses and SRV records. */
@NullMarked
package io.github.lbkit.api.pool.dns;

import org.jspecify.annotations.NullMarked;
