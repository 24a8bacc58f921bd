/** Engines of TLS towards clients and servers, made from settings and watched files. */
@NullMarked
package io.github.lbkit.http.internal.tls;

import org.jspecify.annotations.NullMarked;
