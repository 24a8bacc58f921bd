/** HTTP/1.1 as bytes: strict parsing, framing, writing heads. */
@NullMarked
package io.github.lbkit.http.internal.wire;

import org.jspecify.annotations.NullMarked;
