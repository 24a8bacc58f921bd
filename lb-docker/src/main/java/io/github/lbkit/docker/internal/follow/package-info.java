/** Polling and publishing for pools that follow servers which an engine runs. */
@NullMarked
package io.github.lbkit.docker.internal.follow;

import org.jspecify.annotations.NullMarked;
