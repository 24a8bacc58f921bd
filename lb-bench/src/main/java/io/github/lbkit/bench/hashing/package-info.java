/** What the routers of lb-hashing cost and how even they are, beside those of other libraries. */
@NullMarked
package io.github.lbkit.bench.hashing;

import org.jspecify.annotations.NullMarked;
