/** The charts, drawn once and written as SVG or PNG, without fonts of the machine. */
@NullMarked
package io.github.lbkit.examples.chart;

import org.jspecify.annotations.NullMarked;
