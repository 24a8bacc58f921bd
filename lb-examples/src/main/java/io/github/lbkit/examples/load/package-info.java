/** A load generator for balancers and servers. It counts every request, and its latencies include stalls. */
@NullMarked
package io.github.lbkit.examples.load;

import org.jspecify.annotations.NullMarked;
