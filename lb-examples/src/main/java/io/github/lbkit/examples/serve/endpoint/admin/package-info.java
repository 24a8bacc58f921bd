/** The endpoints that only the admin listener has: health, state, decisions, single servers, rollouts and views. */
@NullMarked
package io.github.lbkit.examples.serve.endpoint.admin;

import org.jspecify.annotations.NullMarked;
