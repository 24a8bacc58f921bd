/** The service providers that open the pools of this module by URI. */
@NullMarked
package io.github.lbkit.api.internal.pool.provider;

import org.jspecify.annotations.NullMarked;
