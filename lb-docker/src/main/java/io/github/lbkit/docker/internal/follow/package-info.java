/** What pools have in common that follow an engine's servers without running them. */
@NullMarked
package io.github.lbkit.docker.internal.follow;

import org.jspecify.annotations.NullMarked;
