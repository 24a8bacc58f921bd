/** Local routes: paths that the proxy answers itself, and the threads that run their handlers. */
@NullMarked
package io.github.lbkit.http.internal.local;

import org.jspecify.annotations.NullMarked;
