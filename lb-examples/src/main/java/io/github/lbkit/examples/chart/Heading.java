package io.github.lbkit.examples.chart;

/**
 * What stands above a chart. Immutable.
 *
 * @param title what it is
 * @param message what there is to see in it, in a sentence or two
 */
public record Heading(String title, String message) {}
