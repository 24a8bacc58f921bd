package io.github.lbkit.http.internal.transport;

import java.util.concurrent.Executor;

/**
 * The objects that the TLS transports of one loop share.
 *
 * @param buffers the buffers of the loop
 * @param loop runs tasks on the loop
 * @param threads the threads that compute handshakes
 */
public record TlsLoop(IoBuffers buffers, Executor loop, HandshakeThreads threads) {}
