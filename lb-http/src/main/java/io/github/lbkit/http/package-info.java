/**
 * An HTTP/1.1 reverse proxy, HTTP health probes, and balancing for Apache HttpClient; the servers come from a load
 * balancer.
 */
@NullMarked
package io.github.lbkit.http;

import org.jspecify.annotations.NullMarked;
