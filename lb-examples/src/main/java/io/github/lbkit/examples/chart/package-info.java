/** Charts: one drawing of each, written as SVG or as PNG, without any font of the machine. */
@NullMarked
package io.github.lbkit.examples.chart;

import org.jspecify.annotations.NullMarked;
