/** The provider of the policies, which reads their options. */
@NullMarked
package io.github.lbkit.hashing.internal.policy;

import org.jspecify.annotations.NullMarked;
