/** The parts that pools, probes and balancers share: schedulers, health checking, rate-limited logs, and text. */
@NullMarked
package io.github.lbkit.api.internal;

import org.jspecify.annotations.NullMarked;
