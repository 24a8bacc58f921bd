package io.github.lbkit.examples.serve.endpoint.reserved;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lbkit.examples.serve.endpoint.ObjectBody;
import io.github.lbkit.examples.serve.endpoint.Refusal;
import io.github.lbkit.http.LocalRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to {@code /add} or {@code /rm}. Immutable.
 *
 * @param count the number of servers; not yet checked against the pool
 * @param ids the given names; the other servers get or have random ones
 */
record ChangeBody(int count, List<String> ids) {
    private static final String KEYS = "allowed: n (or N), hostnames (or replicas)";

    /**
     * Parses the body. No body stands for one server without a name; the default of the count is the number of names.
     */
    static ChangeBody of(LocalRequest request) throws Refusal {
        if (request.body().length == 0 && !request.truncated()) {
            return new ChangeBody(1, List.of());
        }
        Fields fields = new Fields();
        ObjectBody.read(request, KEYS, fields);
        return fields.body();
    }

    private static final class Fields implements ObjectBody.Fields {
        private @Nullable String countKey;
        private int count;
        private @Nullable String idsKey;
        private List<String> ids = List.of();

        @Override
        public void read(String key, JsonToken value, JsonParser parser) throws IOException, Refusal {
            switch (key) {
                case "n", "N" -> {
                    countKey = onlyOne(countKey, key);
                    count = count(key, value, parser);
                }
                case "hostnames", "replicas" -> {
                    idsKey = onlyOne(idsKey, key);
                    ids = ids(key, value, parser);
                }
                default -> throw new Refusal(400, "key '" + key + "' is not known; " + KEYS);
            }
        }

        ChangeBody body() {
            return new ChangeBody(countKey != null ? count : Math.max(1, ids.size()), ids);
        }

        private static String onlyOne(@Nullable String before, String key) throws Refusal {
            if (before != null) {
                throw new Refusal(400, "'" + before + "' and '" + key + "' mean the same; give one of them");
            }
            return key;
        }

        private static int count(String key, JsonToken value, JsonParser parser) throws IOException, Refusal {
            if (value != JsonToken.VALUE_NUMBER_INT) {
                throw new Refusal(400, key + " is " + shown(value, parser) + "; allowed: an integer of 1 or more");
            }
            BigInteger number = parser.getBigIntegerValue();
            if (number.signum() < 1) {
                throw new Refusal(400, key + " is " + number + "; allowed: an integer of 1 or more");
            }
            return number.bitLength() > 31 ? Integer.MAX_VALUE : (int) Math.min(number.longValue(), Integer.MAX_VALUE);
        }

        private static List<String> ids(String key, JsonToken value, JsonParser parser) throws IOException, Refusal {
            if (value != JsonToken.START_ARRAY) {
                throw new Refusal(400, key + " is " + shown(value, parser) + "; allowed: an array of names");
            }
            List<String> ids = new ArrayList<>();
            for (JsonToken next; (next = parser.nextToken()) != JsonToken.END_ARRAY; ) {
                if (next != JsonToken.VALUE_STRING) {
                    throw new Refusal(400, key + " has " + shown(next, parser) + " in it; allowed: names as strings");
                }
                ids.add(parser.getText());
            }
            return List.copyOf(ids);
        }

        private static String shown(JsonToken token, JsonParser parser) throws IOException {
            return switch (token) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "an array";
                case VALUE_STRING -> "'" + parser.getText() + "'";
                default -> parser.getText();
            };
        }
    }
}
