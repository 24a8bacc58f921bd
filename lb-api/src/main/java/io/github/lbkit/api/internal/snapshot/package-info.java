/** The immutable snapshots that calls read, and what can be computed from one snapshot. */
@NullMarked
package io.github.lbkit.api.internal.snapshot;

import org.jspecify.annotations.NullMarked;
