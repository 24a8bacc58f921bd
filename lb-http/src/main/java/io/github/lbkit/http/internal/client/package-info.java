/** What makes an Apache HttpClient ask a load balancer for servers. */
@NullMarked
package io.github.lbkit.http.internal.client;

import org.jspecify.annotations.NullMarked;
