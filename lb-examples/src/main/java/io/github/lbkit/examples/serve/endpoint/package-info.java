/** What the balancer answers itself: on the traffic listener the reserved paths, on the admin listener all of them. */
@NullMarked
package io.github.lbkit.examples.serve.endpoint;

import org.jspecify.annotations.NullMarked;
