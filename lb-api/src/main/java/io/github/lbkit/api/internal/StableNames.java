package io.github.lbkit.api.internal;

/** Names of classes that are equal on every JVM. */
public final class StableNames {
    private StableNames() {}

    /**
     * Returns the name of a class; for a lambda the name of the class around it, since a lambda's own name differs
     * between JVMs.
     */
    public static String of(Class<?> type) {
        String name = type.getName();
        if (!type.isHidden()) {
            return name;
        }
        int lambda = name.indexOf("$$Lambda");
        return name.substring(0, lambda < 0 ? name.indexOf('/') : lambda) + " lambda";
    }
}
