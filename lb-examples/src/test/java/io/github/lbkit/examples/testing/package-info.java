/** The fixtures that tests of several packages share: balancers, clients, browsers and engines. */
@NullMarked
package io.github.lbkit.examples.testing;

import org.jspecify.annotations.NullMarked;
