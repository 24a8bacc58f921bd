/** The demo servers' image, and the pool of containers of it. */
@NullMarked
package io.github.lbkit.examples.docker;

import org.jspecify.annotations.NullMarked;
