/** The containers, images and networks of the fake Docker engine, and the calls about them. */
@NullMarked
package io.github.lbkit.testkit.docker.internal.container;

import org.jspecify.annotations.NullMarked;
