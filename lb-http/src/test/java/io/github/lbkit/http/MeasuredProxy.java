package io.github.lbkit.http;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy to be measured from outside: {@code MeasuredProxy PORT LOOPS SERVER_PORT…}, round robin, until it is killed.
 */
final class MeasuredProxy {
    private MeasuredProxy() {}

    /** Runs until the process ends. */
    public static void main(String[] args) throws IOException, InterruptedException {
        InetSocketAddress[] servers = new InetSocketAddress[args.length - 2];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[i + 2]));
        }
        LoadBalancer balancer =
                LoadBalancer.builder(FixedPool.of(servers), new Turns()).build();
        ReverseProxy proxy = ReverseProxy.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
                .loops(Integer.parseInt(args[1]))
                .balancer(balancer)
                .start();
        System.out.println("up on " + proxy.address());
        Thread.currentThread().join();
    }

    private static final class Turns implements Policy {
        @Override
        public String name() {
            return "turns";
        }

        @Override
        public Picker picker(List<Member> members) {
            int size = members.size();
            AtomicInteger turn = new AtomicInteger();
            return new Picker() {
                @Override
                public int next(Key key, Cursor cursor, LoadView load) {
                    for (int i = cursor.taken(); i < size; i++) {
                        int index = Math.floorMod(turn.getAndIncrement(), size);
                        if (cursor.visit(index)) {
                            return index;
                        }
                    }
                    return -1;
                }
            };
        }
    }
}
