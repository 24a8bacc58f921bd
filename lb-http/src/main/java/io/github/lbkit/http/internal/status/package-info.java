/** What statuses say, for the proxy and the client alike. */
@NullMarked
package io.github.lbkit.http.internal.status;

import org.jspecify.annotations.NullMarked;
