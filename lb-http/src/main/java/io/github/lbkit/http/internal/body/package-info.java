/** Bodies of messages: decoding of any framing, and the copy that is kept for a retry. */
@NullMarked
package io.github.lbkit.http.internal.body;

import org.jspecify.annotations.NullMarked;
