/** The router that reproduces the owners of memcached clients, and their lists of nodes. */
@NullMarked
package io.github.lbkit.hashing.internal.ketama;

import org.jspecify.annotations.NullMarked;
