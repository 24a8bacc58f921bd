/** The PROXY header, versions 1 and 2, with which a proxy reports the addresses of a client: reading and writing it. */
@NullMarked
package io.github.lbkit.http.internal.wire.proxy;

import org.jspecify.annotations.NullMarked;
