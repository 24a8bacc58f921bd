/** One router a file. */
@NullMarked
package io.github.lbkit.hashing.internal;

import org.jspecify.annotations.NullMarked;
