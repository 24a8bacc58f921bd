/** The command that runs the assignment's tasks against real servers, and the order of its loads. */
@NullMarked
package io.github.lbkit.examples.analysis;

import org.jspecify.annotations.NullMarked;
