/**
 * The HTTP side of the fake Docker engine: connections, requests, responses, their JSON and tar bodies, and faults of
 * calls.
 */
@NullMarked
package io.github.lbkit.testkit.docker.internal.http;

import org.jspecify.annotations.NullMarked;
