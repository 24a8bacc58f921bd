/** The sources of time, threads and IP addresses that an application injects. */
@NullMarked
package io.github.lbkit.api.runtime;

import org.jspecify.annotations.NullMarked;
