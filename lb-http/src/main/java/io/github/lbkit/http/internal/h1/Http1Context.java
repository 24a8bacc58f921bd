package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.internal.exchange.Exchanges;
import io.github.lbkit.http.internal.exchange.OutputBuffer;
import io.github.lbkit.http.internal.exchange.ParserPool;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import io.github.lbkit.http.internal.wire.write.RequestIds;

/**
 * The objects that the client connections of one loop share. Confined to the loop.
 *
 * @param loop the loop
 * @param settings the settings of all loops
 * @param exchanges the factory of exchanges
 * @param logs the logs
 * @param output the shared output buffer
 * @param parsers the parsers of request heads
 * @param ids the generator of request ids
 * @param responses the writer of responses
 */
public record Http1Context(
        EventLoop loop,
        Http1Settings settings,
        Exchanges exchanges,
        ExchangeLogs logs,
        OutputBuffer output,
        ParserPool parsers,
        RequestIds ids,
        ResponseWriter responses) {}
