/** The report of an analysis: findings in words, charts, a page, and JSON. */
@NullMarked
package io.github.lbkit.examples.analysis.report;

import org.jspecify.annotations.NullMarked;
