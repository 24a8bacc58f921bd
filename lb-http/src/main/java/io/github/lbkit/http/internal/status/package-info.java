/** Statuses of responses that count as failures of a server, for the proxy and for clients. */
@NullMarked
package io.github.lbkit.http.internal.status;

import org.jspecify.annotations.NullMarked;
