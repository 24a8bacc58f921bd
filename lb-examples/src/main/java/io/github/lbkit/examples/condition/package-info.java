/** The condition of a server in one vocabulary, for the endpoints and the dashboard. */
@NullMarked
package io.github.lbkit.examples.condition;

import org.jspecify.annotations.NullMarked;
