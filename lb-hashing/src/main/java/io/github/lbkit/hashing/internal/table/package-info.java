/** Routers that look up the owner of a key in an array of slots. */
@NullMarked
package io.github.lbkit.hashing.internal.table;

import org.jspecify.annotations.NullMarked;
