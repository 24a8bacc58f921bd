/** Transports: what a connection sees of its socket, whether the bytes are plain or encrypted. */
@NullMarked
package io.github.lbkit.http.internal.transport;

import org.jspecify.annotations.NullMarked;
