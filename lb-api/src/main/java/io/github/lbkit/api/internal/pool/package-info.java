/** What the pools share and users never see: naming and change rules, timers, the event loop and the log. */
@NullMarked
package io.github.lbkit.api.internal.pool;

import org.jspecify.annotations.NullMarked;
