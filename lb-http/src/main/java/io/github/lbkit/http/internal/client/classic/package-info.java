/** Balancing for classic (blocking) HttpClients: the interceptor, its exchange, and the request and response bodies. */
@NullMarked
package io.github.lbkit.http.internal.client.classic;

import org.jspecify.annotations.NullMarked;
