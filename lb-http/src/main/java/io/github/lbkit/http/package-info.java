/** An HTTP/1.1 reverse proxy whose servers come from a load balancer. */
@NullMarked
package io.github.lbkit.http;

import org.jspecify.annotations.NullMarked;
