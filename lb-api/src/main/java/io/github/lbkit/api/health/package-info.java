/** Whether a server is able to serve, by what is asked of it and by what its traffic shows. */
@NullMarked
package io.github.lbkit.api.health;

import org.jspecify.annotations.NullMarked;
