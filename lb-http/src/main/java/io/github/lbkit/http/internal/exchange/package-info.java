/**
 * Exchanges: one request and its response each, answered by a server or by the proxy itself, for any client protocol.
 */
@NullMarked
package io.github.lbkit.http.internal.exchange;

import org.jspecify.annotations.NullMarked;
