/** The base class of the routers, the roles that some of them have, and sorted lists of members. */
@NullMarked
package io.github.lbkit.hashing.internal.router;

import org.jspecify.annotations.NullMarked;
