/** Health probes on HttpClient: the one place of this module that names its types. */
@NullMarked
package io.github.lbkit.http.internal.probe;

import org.jspecify.annotations.NullMarked;
