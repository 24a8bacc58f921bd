/** The demo server that pools launch. */
@NullMarked
package io.github.lbkit.examples.demo;

import org.jspecify.annotations.NullMarked;
