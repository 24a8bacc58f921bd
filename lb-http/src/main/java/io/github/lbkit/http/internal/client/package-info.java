/**
 * Balancing for Apache HttpClient, in the parts that classic and asynchronous clients share: names, routes, attempts,
 * timer.
 */
@NullMarked
package io.github.lbkit.http.internal.client;

import org.jspecify.annotations.NullMarked;
