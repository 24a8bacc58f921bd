/** Calls, and the search for a server over the candidates of a key. */
@NullMarked
package io.github.lbkit.api.internal.search;

import org.jspecify.annotations.NullMarked;
