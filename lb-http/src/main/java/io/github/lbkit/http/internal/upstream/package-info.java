/** Connections to servers: making them, lending them to exchanges, and keeping the unused ones. */
@NullMarked
package io.github.lbkit.http.internal.upstream;

import org.jspecify.annotations.NullMarked;
