/** Connections to servers. */
@NullMarked
package io.github.lbkit.http.internal.upstream;

import org.jspecify.annotations.NullMarked;
