/** The swarm of the fake Docker engine: nodes, services, tasks, their reconciliation, and the calls about them. */
@NullMarked
package io.github.lbkit.testkit.docker.internal.swarm;

import org.jspecify.annotations.NullMarked;
