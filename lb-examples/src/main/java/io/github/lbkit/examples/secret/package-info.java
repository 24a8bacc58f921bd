/** The secrets in settings, and their removal from all output. */
@NullMarked
package io.github.lbkit.examples.secret;

import org.jspecify.annotations.NullMarked;
