/**
 * Heads of HTTP/1.1 messages as bytes: the strict parser, the parsed head, and the buffer that bytes are written to.
 */
@NullMarked
package io.github.lbkit.http.internal.wire;

import org.jspecify.annotations.NullMarked;
