package io.github.lbkit.api.pool.dns;

import java.util.List;

/** Reads the text of an SRV record, for tests of other packages. */
public final class ServiceRecordText {
    private ServiceRecordText() {}

    /** Reads one record. */
    public static void read(String text) {
        DnsServers.ofService(DnsOptions.service("a").build(), List.of(text));
    }
}
