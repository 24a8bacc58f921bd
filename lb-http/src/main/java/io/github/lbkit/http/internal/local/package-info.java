/** Requests that are answered here. */
@NullMarked
package io.github.lbkit.http.internal.local;

import org.jspecify.annotations.NullMarked;
