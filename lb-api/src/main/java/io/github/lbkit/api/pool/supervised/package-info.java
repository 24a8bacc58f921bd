/** Pools that launch and replace their own servers, and the contract of the launchers that run them. */
@NullMarked
package io.github.lbkit.api.pool.supervised;

import org.jspecify.annotations.NullMarked;
