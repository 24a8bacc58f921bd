/** Name resolution: the only package that looks names up. */
@NullMarked
package io.github.lbkit.api.internal.names;

import org.jspecify.annotations.NullMarked;
