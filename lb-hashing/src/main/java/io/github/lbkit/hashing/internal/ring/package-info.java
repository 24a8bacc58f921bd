/** Routers that look up the owner of a key among sorted points. */
@NullMarked
package io.github.lbkit.hashing.internal.ring;

import org.jspecify.annotations.NullMarked;
