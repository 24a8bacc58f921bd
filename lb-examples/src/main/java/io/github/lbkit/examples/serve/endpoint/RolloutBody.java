package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.http.LocalRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /rollout} is asked to do: one of an image, a command and a reversal.
 *
 * @param surge how many servers are replaced at once
 */
record RolloutBody(@Nullable String image, @Nullable List<String> command, boolean revert, int surge) {
    private static final String KEYS = "allowed: one of image, command and revert, and surge";

    static RolloutBody of(LocalRequest request) throws Refusal {
        Fields fields = new Fields();
        ObjectBody.read(request, KEYS, fields);
        RolloutBody asked = fields.body();
        int targets = (asked.image != null ? 1 : 0) + (asked.command != null ? 1 : 0) + (asked.revert ? 1 : 0);
        if (targets != 1) {
            throw new Refusal(
                    400,
                    "the body names " + (targets == 0 ? "nothing" : "more than one thing") + " to roll out; " + KEYS);
        }
        return asked;
    }

    /** What the servers are to be made of, where they are made of this now. */
    LaunchSpec spec(LaunchSpec now) throws Refusal {
        try {
            if (image != null) {
                if (now instanceof DockerOptions containers) {
                    return containers.withImage(image);
                }
                throw new Refusal(
                        409,
                        "the servers of this pool are no containers, so they have no image: "
                                + Secrets.masked(now.toString()));
            } else if (command != null) {
                if (now instanceof ProcessOptions processes) {
                    return processes.withCommand(command);
                }
                throw new Refusal(
                        409,
                        "the servers of this pool are no processes, so they have no command: "
                                + Secrets.masked(now.toString()));
            }
            return now;
        } catch (IllegalArgumentException wrong) {
            throw new Refusal(400, String.valueOf(wrong.getMessage()));
        }
    }

    private static final class Fields implements ObjectBody.Fields {
        private @Nullable String image;
        private @Nullable List<String> command;
        private boolean revert;
        private int surge = RolloutOptions.DEFAULTS.surge();

        RolloutBody body() {
            return new RolloutBody(image, command, revert, surge);
        }

        @Override
        public void read(String key, JsonToken value, JsonParser parser) throws IOException, Refusal {
            switch (key) {
                case "image" -> {
                    require(value == JsonToken.VALUE_STRING, key, "the name of an image, as a string");
                    image = parser.getText();
                }
                case "command" -> {
                    require(value == JsonToken.START_ARRAY, key, "an array of words");
                    command = words(parser);
                }
                case "revert" -> {
                    require(value == JsonToken.VALUE_TRUE, key, "true");
                    revert = true;
                }
                case "surge" -> {
                    require(
                            value == JsonToken.VALUE_NUMBER_INT
                                    && parser.getText().matches("[1-9][0-9]{0,5}"),
                            key,
                            "an integer of 1 to 999999");
                    surge = parser.getIntValue();
                }
                default -> throw new Refusal(400, "key '" + key + "' is not known; " + KEYS);
            }
        }

        private static void require(boolean right, String key, String allowed) throws Refusal {
            if (!right) {
                throw new Refusal(400, key + " is not what it may be; allowed: " + allowed);
            }
        }

        private static List<String> words(JsonParser parser) throws IOException, Refusal {
            List<String> words = new ArrayList<>();
            for (JsonToken next; (next = parser.nextToken()) != JsonToken.END_ARRAY; ) {
                require(next == JsonToken.VALUE_STRING, "command", "an array of words");
                words.add(parser.getText());
            }
            return List.copyOf(words);
        }
    }
}
