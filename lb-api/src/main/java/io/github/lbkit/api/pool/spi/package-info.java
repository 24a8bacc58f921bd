/** Building blocks for authors of pools: polling, publishing, draining and answering changes. */
@NullMarked
package io.github.lbkit.api.pool.spi;

import org.jspecify.annotations.NullMarked;
