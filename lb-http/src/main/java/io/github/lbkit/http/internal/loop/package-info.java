/** Event loops: their selector, timers, connections, and the budget of buffered bytes. */
@NullMarked
package io.github.lbkit.http.internal.loop;

import org.jspecify.annotations.NullMarked;
