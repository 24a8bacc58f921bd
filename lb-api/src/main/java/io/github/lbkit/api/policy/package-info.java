/** How to choose a server: round robin, least requests, random, by hash; and policies by name. */
@NullMarked
package io.github.lbkit.api.policy;

import org.jspecify.annotations.NullMarked;
