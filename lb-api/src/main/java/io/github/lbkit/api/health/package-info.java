/** The health of servers: active probes, ejection by observed traffic, warm-up and the retry budget. */
@NullMarked
package io.github.lbkit.api.health;

import org.jspecify.annotations.NullMarked;
