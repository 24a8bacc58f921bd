/**
 * HTTP/1.1 connections of clients: their requests, one after the other, their deadlines, and the writing of responses.
 */
@NullMarked
package io.github.lbkit.http.internal.h1;

import org.jspecify.annotations.NullMarked;
