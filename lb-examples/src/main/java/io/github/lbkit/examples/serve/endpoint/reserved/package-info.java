/** The reserved paths of the assignment, on the admin listener and, where they are on, on the traffic listener. */
@NullMarked
package io.github.lbkit.examples.serve.endpoint.reserved;

import org.jspecify.annotations.NullMarked;
