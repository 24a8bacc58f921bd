package io.github.lbkit.examples.chart;

/**
 * The heading of a chart. Immutable.
 *
 * @param title the title
 * @param message the main message of the chart, in one or two sentences
 */
public record Heading(String title, String message) {}
