/** HTTP health probes, executed by Apache HttpClient. */
@NullMarked
package io.github.lbkit.http.internal.probe;

import org.jspecify.annotations.NullMarked;
