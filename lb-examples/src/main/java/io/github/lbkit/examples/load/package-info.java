/** Load for balancers and servers: many connections, every request counted, latencies that hide no stall. */
@NullMarked
package io.github.lbkit.examples.load;

import org.jspecify.annotations.NullMarked;
