/** Balancing for asynchronous HttpClients: the interceptor, its exchange, and the request and response bodies. */
@NullMarked
package io.github.lbkit.http.internal.client.async;

import org.jspecify.annotations.NullMarked;
