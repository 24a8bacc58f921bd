/** Routers that reproduce the owners of Envoy's hash policies. */
@NullMarked
package io.github.lbkit.hashing.internal.envoy;

import org.jspecify.annotations.NullMarked;
