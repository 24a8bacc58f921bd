/** The in-flight counts, latencies and traffic outcomes of one instance. */
@NullMarked
package io.github.lbkit.api.internal.load;

import org.jspecify.annotations.NullMarked;
