/** Providers that open the pools of this module by URI. */
@NullMarked
package io.github.lbkit.docker.internal.provider;

import org.jspecify.annotations.NullMarked;
