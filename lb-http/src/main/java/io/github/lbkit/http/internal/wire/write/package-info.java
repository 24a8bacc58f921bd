/**
 * Writers of heads: the heads of forwarded messages, the fields that the proxy adds, and the status lines of its own
 * responses.
 */
@NullMarked
package io.github.lbkit.http.internal.wire.write;

import org.jspecify.annotations.NullMarked;
