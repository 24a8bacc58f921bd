/** Admission of clients: which connections a proxy accepts, tracks, closes when idle, and ends when it stops. */
@NullMarked
package io.github.lbkit.http.internal.admission;

import org.jspecify.annotations.NullMarked;
