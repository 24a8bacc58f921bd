/** Containers that a pool launches: what they are made of, their images, their state and their removal. */
@NullMarked
package io.github.lbkit.docker.internal.container;

import org.jspecify.annotations.NullMarked;
