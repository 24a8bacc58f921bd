/** The image of the demo servers, and the pool of their containers. */
@NullMarked
package io.github.lbkit.examples.docker;

import org.jspecify.annotations.NullMarked;
