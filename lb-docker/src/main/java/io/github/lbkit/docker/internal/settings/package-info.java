/** Checks and file formats of the settings that users give. */
@NullMarked
package io.github.lbkit.docker.internal.settings;

import org.jspecify.annotations.NullMarked;
