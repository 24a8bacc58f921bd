/** Reports of a balancer about its servers and decisions: status, explanations and plans. */
@NullMarked
package io.github.lbkit.api.explain;

import org.jspecify.annotations.NullMarked;
