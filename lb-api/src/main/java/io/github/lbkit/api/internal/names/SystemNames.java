package io.github.lbkit.api.internal.names;

import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The name resolver of this process, over the JDK's look-ups. */
public final class SystemNames {
    private SystemNames() {}

    /** Returns the shared resolver; its threads begin with the first look-up. */
    public static NameResolver shared() {
        return Shared.NAMES;
    }

    /** Looks a name up by the JDK, which may block for as long as the machine's resolver takes. */
    public static List<InetAddress> lookUp(String name) throws IOException {
        return List.of(InetAddress.getAllByName(name));
    }

    /** The holder that creates the resolver on first use. */
    private static final class Shared implements NameResolver {
        static final NameResolver NAMES = new Shared();

        private final NameResolver resolver =
                new CachingResolver(Runtimes.system(), Caching.DEFAULTS, SystemNames::lookUp);

        @Override
        public CompletionStage<List<InetAddress>> resolve(String host) {
            return resolver.resolve(host);
        }

        @Override
        public CompletionStage<List<InetAddress>> refresh(String host) {
            return resolver.refresh(host);
        }
    }
}
