package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The record of a process that outlives its owner: enough to find the process again and to identify it. Immutable.
 *
 * @param request the request that the process was launched by
 * @param pid the process id; 0 if the process was about to be started
 * @param start the start of the process, which distinguishes it from another process with a reused id
 * @param port the port that the process listens on; 0 if not known yet
 * @param specHash the hash of the spec that the process was launched from
 * @param appends whether the process appends to its output file, so that the file may be truncated; false in records
 *     written before version 0.1
 */
record ProcessRecord(LaunchRequest request, long pid, ProcessStart start, int port, String specHash, boolean appends) {
    private static final String LABEL = "label.";

    /**
     * Returns the record to write before the start of a process. If the owner ends then, the next owner looks for the
     * process by its mark.
     */
    static ProcessRecord intended(LaunchRequest request, String specHash) {
        return new ProcessRecord(request, 0, ProcessStart.NONE, 0, specHash, true);
    }

    ProcessRecord startedAs(long newPid, ProcessStart newStart) {
        return new ProcessRecord(request, newPid, newStart, 0, specHash, appends);
    }

    ProcessRecord withPort(int newPort) {
        return new ProcessRecord(request, pid, start, newPort, specHash, appends);
    }

    String text() {
        Properties all = new Properties();
        all.setProperty("id", request.id());
        all.setProperty("generation", Long.toString(request.generation()));
        all.setProperty("name", request.name());
        all.setProperty("replacement", Boolean.toString(request.replacement()));
        request.labels().forEach((name, value) -> all.setProperty(LABEL + name, value));
        all.setProperty("pid", Long.toString(pid));
        all.setProperty("start", Long.toString(start.millis()));
        if (start.isExact()) {
            all.setProperty("boot", start.boot());
            all.setProperty("ticks", Long.toString(start.ticks()));
        }
        all.setProperty("appends", Boolean.toString(appends));
        all.setProperty("port", Integer.toString(port));
        all.setProperty("spec", specHash);
        try (Writer writer = new StringWriter()) {
            all.store(writer, null);
            return writer.toString();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    /**
     * Reads the output of {@link #text}.
     *
     * @throws IllegalArgumentException if the text is malformed
     */
    static ProcessRecord parse(String text) {
        Properties all = new Properties();
        try (Reader reader = new StringReader(text)) {
            all.load(reader);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        Map<String, String> labels = new HashMap<>();
        for (String name : all.stringPropertyNames()) {
            if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), all.getProperty(name));
            }
        }
        LaunchRequest request = new LaunchRequest(
                required(all, "id"),
                Long.parseLong(required(all, "generation")),
                required(all, "name"),
                Boolean.parseBoolean(required(all, "replacement")),
                labels);
        ProcessRecord parsed = new ProcessRecord(
                request,
                Long.parseLong(required(all, "pid")),
                new ProcessStart(
                        all.getProperty("boot", ""),
                        Long.parseLong(all.getProperty("ticks", "0")),
                        Long.parseLong(required(all, "start"))),
                Integer.parseInt(required(all, "port")),
                required(all, "spec"),
                Boolean.parseBoolean(all.getProperty("appends", "false")));
        if (parsed.pid < 0 || parsed.port < 0 || parsed.port > 65_535) {
            throw new IllegalArgumentException("pid " + parsed.pid + " or port " + parsed.port + " is impossible");
        }
        return parsed;
    }

    private static String required(Properties all, String name) {
        String value = all.getProperty(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return value;
    }
}
