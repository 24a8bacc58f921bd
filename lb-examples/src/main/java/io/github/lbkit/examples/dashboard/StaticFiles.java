package io.github.lbkit.examples.dashboard;

import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The responses with the files of the page, read once. The page may load scripts, styles, images and events only from
 * its own origin, and no other page may show it in a frame. Stateless.
 */
public final class StaticFiles {
    private static final String CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, String> OWN_FILES = Map.ofEntries(
            Map.entry("dashboard.css", CSS),
            Map.entry("main.js", SCRIPT),
            Map.entry("live.js", SCRIPT),
            Map.entry("text.js", SCRIPT),
            Map.entry("theme.js", SCRIPT),
            Map.entry("token.js", SCRIPT),
            Map.entry("charts.js", SCRIPT),
            Map.entry("servers.js", SCRIPT),
            Map.entry("keyspace.js", SCRIPT),
            Map.entry("explain.js", SCRIPT),
            Map.entry("timeline.js", SCRIPT),
            Map.entry("changes.js", SCRIPT),
            Map.entry("icon.svg", "image/svg+xml"));

    private StaticFiles() {}

    /** Returns the responses by raw path. */
    public static Map<String, LocalResponse> responses() {
        Map<String, LocalResponse> responses = new LinkedHashMap<>();
        responses.put("/dashboard", response(HTML, read(StaticFiles.class, "index.html")));
        OWN_FILES.forEach((name, type) ->
                responses.put("/dashboard/" + name, response(type, read(StaticFiles.class, name))));
        String charts = "/META-INF/resources/webjars/uplot/" + chartsVersion() + "/dist/";
        responses.put("/dashboard/uplot.js", response(SCRIPT, read(StaticFiles.class, charts + "uPlot.iife.min.js")));
        responses.put("/dashboard/uplot.css", response(CSS, read(StaticFiles.class, charts + "uPlot.min.css")));
        return responses;
    }

    private static LocalResponse response(String type, byte[] body) {
        return LocalResponse.of(200, type, body)
                .with("Content-Security-Policy", CSP)
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer")
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("Cache-Control", "no-cache");
    }

    /** Returns the version of the charting library, which is part of the path of its files. */
    private static String chartsVersion() {
        Properties properties = new Properties();
        String name = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
        try (InputStream in = StaticFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the charting library is missing on the class path: no " + name);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] read(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
