/** IP addresses of peers: their text form, and the addresses of trusted proxies. */
@NullMarked
package io.github.lbkit.http.internal.peer;

import org.jspecify.annotations.NullMarked;
