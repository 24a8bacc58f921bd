/** Hash functions of keys, and the mixing of hashes. */
@NullMarked
package io.github.lbkit.hashing.internal.hash;

import org.jspecify.annotations.NullMarked;
