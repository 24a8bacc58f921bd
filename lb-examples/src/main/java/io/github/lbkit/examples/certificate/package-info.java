/** The command that makes a self-signed certificate for trying out TLS. */
@NullMarked
package io.github.lbkit.examples.certificate;

import org.jspecify.annotations.NullMarked;
