/** Message bodies as bytes: their framing, the chunked coding, and trailers. */
@NullMarked
package io.github.lbkit.http.internal.wire.body;

import org.jspecify.annotations.NullMarked;
