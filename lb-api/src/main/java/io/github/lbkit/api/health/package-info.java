/** Health: what is asked of an instance before it is trusted with requests. */
@NullMarked
package io.github.lbkit.api.health;

import org.jspecify.annotations.NullMarked;
