/** The analysis: load on real servers, what was expected of it, what was measured, and why. */
@NullMarked
package io.github.lbkit.examples.analysis;

import org.jspecify.annotations.NullMarked;
