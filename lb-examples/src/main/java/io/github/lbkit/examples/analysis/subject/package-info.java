/** The balancers under analysis, and the ways to use them: reserved paths, endpoint checks, and kills of servers. */
@NullMarked
package io.github.lbkit.examples.analysis.subject;

import org.jspecify.annotations.NullMarked;
