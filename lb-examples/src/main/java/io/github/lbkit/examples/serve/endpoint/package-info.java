/** The parts that all endpoints of the balancer share: methods, queries, JSON, guards, and the log of changes. */
@NullMarked
package io.github.lbkit.examples.serve.endpoint;

import org.jspecify.annotations.NullMarked;
