/** Client connections that have to begin with a PROXY header, until the header is read. */
@NullMarked
package io.github.lbkit.http.internal.preface;

import org.jspecify.annotations.NullMarked;
