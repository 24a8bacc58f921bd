/** JSON from other programs, read without a schema. */
@NullMarked
package io.github.lbkit.examples.json;

import org.jspecify.annotations.NullMarked;
