/** The endings of exchanges: their table, the responses of the proxy for failures, and the logs of requests. */
@NullMarked
package io.github.lbkit.http.internal.outcome;

import org.jspecify.annotations.NullMarked;
