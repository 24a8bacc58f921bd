/** How the engine is talked to, and what is known of it; nothing here is for use from outside. */
@NullMarked
package io.github.lbkit.docker.internal;

import org.jspecify.annotations.NullMarked;
