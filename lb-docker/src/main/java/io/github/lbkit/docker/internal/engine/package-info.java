/** The connection to a Docker engine: addresses, calls, events, and the JSON and TAR formats that the engine speaks. */
@NullMarked
package io.github.lbkit.docker.internal.engine;

import org.jspecify.annotations.NullMarked;
