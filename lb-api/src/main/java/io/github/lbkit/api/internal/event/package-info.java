/** The delivery of a balancer's events to listeners and to the log. */
@NullMarked
package io.github.lbkit.api.internal.event;

import org.jspecify.annotations.NullMarked;
