/** The results of an analysis, its settings, and the statistics of distributions. */
@NullMarked
package io.github.lbkit.examples.analysis.result;

import org.jspecify.annotations.NullMarked;
