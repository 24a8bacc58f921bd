/** Counts what a balancer does, and binds it to Micrometer's registries. */
@NullMarked
package io.github.lbkit.micrometer;

import org.jspecify.annotations.NullMarked;
