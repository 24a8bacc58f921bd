/**
 * The parts of the fake Docker engine that its rooms share: clock, lock, ids, event log and listeners of containers.
 */
@NullMarked
package io.github.lbkit.testkit.docker.internal.engine;

import org.jspecify.annotations.NullMarked;
