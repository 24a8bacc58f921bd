/** Weighted rendezvous hashing, and its parts that other routers use. */
@NullMarked
package io.github.lbkit.hashing.internal.rendezvous;

import org.jspecify.annotations.NullMarked;
