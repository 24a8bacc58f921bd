/**
 * The policies that choose a server: round robin, least requests, random, by hash; and the look-up of policies by name.
 */
@NullMarked
package io.github.lbkit.api.policy;

import org.jspecify.annotations.NullMarked;
