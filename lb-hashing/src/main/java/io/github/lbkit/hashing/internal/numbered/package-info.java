/** Routers that identify their members by number: jump, and the map of the course assignment. */
@NullMarked
package io.github.lbkit.hashing.internal.numbered;

import org.jspecify.annotations.NullMarked;
