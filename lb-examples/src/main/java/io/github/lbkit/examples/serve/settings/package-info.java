/** The settings of {@code serve}: their options, their checks, and their sources. */
@NullMarked
package io.github.lbkit.examples.serve.settings;

import org.jspecify.annotations.NullMarked;
