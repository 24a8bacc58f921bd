/** Secrets in settings: where they are, and how text for people is kept free of them. */
@NullMarked
package io.github.lbkit.examples.secret;

import org.jspecify.annotations.NullMarked;
