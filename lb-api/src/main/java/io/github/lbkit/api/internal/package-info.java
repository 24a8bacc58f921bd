/** The balancer's own parts. */
@NullMarked
package io.github.lbkit.api.internal;

import org.jspecify.annotations.NullMarked;
