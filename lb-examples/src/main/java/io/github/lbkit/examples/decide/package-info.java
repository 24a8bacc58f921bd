/** The decisions of a policy, from the command line: nothing is started. */
@NullMarked
package io.github.lbkit.examples.decide;

import org.jspecify.annotations.NullMarked;
