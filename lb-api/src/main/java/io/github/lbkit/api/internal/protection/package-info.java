/** Ejection, health verdicts, warm-up and fail-open of all servers of a balancer. */
@NullMarked
package io.github.lbkit.api.internal.protection;

import org.jspecify.annotations.NullMarked;
