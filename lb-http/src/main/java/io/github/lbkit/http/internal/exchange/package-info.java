/** One request and its response, from the client's connection to the server's and back. */
@NullMarked
package io.github.lbkit.http.internal.exchange;

import org.jspecify.annotations.NullMarked;
