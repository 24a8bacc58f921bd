/** Shared parts of the pools that users never see: rules for names and changes, timers, the event loop and the log. */
@NullMarked
package io.github.lbkit.api.internal.pool;

import org.jspecify.annotations.NullMarked;
