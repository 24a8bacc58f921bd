/** Event loops: selector, timers, transport. */
@NullMarked
package io.github.lbkit.http.internal.loop;

import org.jspecify.annotations.NullMarked;
