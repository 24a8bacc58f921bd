package io.github.lbkit.api.pool;

import io.github.lbkit.api.Address;
import java.util.Map;

/** One server as a source names it. Immutable. */
record Listed(String id, Address address, int weight, Map<String, String> labels) {}
