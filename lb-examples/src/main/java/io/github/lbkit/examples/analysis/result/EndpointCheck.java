package io.github.lbkit.examples.analysis.result;

/**
 * The check of one endpoint. Immutable.
 *
 * @param request the method, the path, and the body if there is one
 * @param expected the expected answer
 * @param actual the actual answer
 * @param passed whether the answer was the expected one
 */
public record EndpointCheck(String request, String expected, String actual, boolean passed) {}
