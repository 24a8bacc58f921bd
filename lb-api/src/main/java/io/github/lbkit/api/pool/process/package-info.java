/** Servers that are operating-system processes of this machine. */
@NullMarked
package io.github.lbkit.api.pool.process;

import org.jspecify.annotations.NullMarked;
