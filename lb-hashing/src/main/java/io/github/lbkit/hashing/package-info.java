/** Consistent hashing: routers as pure functions of members and key. */
@NullMarked
package io.github.lbkit.hashing;

import org.jspecify.annotations.NullMarked;
