/** IP addresses of clients and proxies: their text, their networks, and which of them are trusted. */
@NullMarked
package io.github.lbkit.http.internal.peer;

import org.jspecify.annotations.NullMarked;
