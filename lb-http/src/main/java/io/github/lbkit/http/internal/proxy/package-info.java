/**
 * The loops of a proxy: what each loop consists of, and what concerns all of them, such as memberships and the stop.
 */
@NullMarked
package io.github.lbkit.http.internal.proxy;

import org.jspecify.annotations.NullMarked;
