/** Measurements of the routers of lb-hashing and of other libraries: time, balance, moved keys and memory. */
@NullMarked
package io.github.lbkit.bench.hashing;

import org.jspecify.annotations.NullMarked;
