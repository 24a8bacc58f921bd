package io.github.lbkit.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium that looks at the dashboard; its close fails if its console had an error. Those that are alike
 * are one process, which {@link #quit} ends.
 */
public final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private static @Nullable Running desktop;

    private final Running process;
    private final ChromeDriver driver;

    /** A browser that runs, and where it keeps what it keeps. */
    private record Running(ChromeDriver driver, Path profile) {
        void end() {
            driver.quit();
            delete(profile);
        }
    }

    /** A part of messages that a test brings about on purpose. */
    private final String tolerated;

    private Browser(Running process, String tolerated) {
        this.process = process;
        this.driver = process.driver();
        this.tolerated = tolerated;
    }

    private static Running start(Map<String, Object> phone) {
        Path profile;
        try {
            profile = Files.createTempDirectory("lbkit-browser");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--window-size=1280,1000",
                "--user-data-dir=" + profile);
        if (!phone.isEmpty()) {
            options.setExperimentalOption("mobileEmulation", Map.of("deviceMetrics", phone));
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .withLogFile(new File("/dev/null"))
                .build();
        return new Running(new ChromeDriver(service, options), profile);
    }

    private static synchronized Running desktopProcess() {
        Running running = desktop;
        if (running == null) {
            running = start(Map.of());
            desktop = running;
        }
        return running;
    }

    /** Ends the one that the tests of a class shared. */
    public static synchronized void quit() {
        if (desktop != null) {
            desktop.end();
            desktop = null;
        }
    }

    public static List<String> missing() {
        return Stream.of(CHROMIUM, DRIVER)
                .filter(file -> !Files.isExecutable(file))
                .map(Path::toString)
                .toList();
    }

    public static Browser desktop() {
        return new Browser(desktopProcess(), "");
    }

    /** Chromium itself writes a line for each refusal that a page gets. */
    public static Browser tolerating401() {
        return new Browser(desktopProcess(), "401 (Unauthorized)");
    }

    public static Browser phone() {
        return new Browser(start(Map.of("width", 390, "height", 844, "pixelRatio", 2.0)), "");
    }

    public void visit(InetSocketAddress admin, String rest) {
        driver.get("http://127.0.0.1:" + admin.getPort() + "/dashboard" + rest);
    }

    public Browser open(InetSocketAddress admin) {
        driver.get("http://127.0.0.1:" + admin.getPort() + "/dashboard");
        awaitText("live", "live");
        return this;
    }

    public String text(String id) {
        return driver.findElement(By.id(id)).getText();
    }

    /** The text of every server's row that is in the page. */
    public List<String> rows() {
        Object rows = js("return [...document.querySelectorAll('#rows tr:not(.spacer)')].map(row => row.textContent)");
        return ((List<?>) rows).stream().map(String::valueOf).toList();
    }

    public Object js(String script, Object... arguments) {
        Object value = driver.executeScript(script, arguments);
        return value == null ? "" : value;
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    public void type(String id, String text) {
        WebElement input = driver.findElement(By.id(id));
        input.clear();
        input.sendKeys(text);
    }

    /** Presses a key where the focus is. */
    public void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    public String focused() {
        return String.valueOf(js("const e = document.activeElement; return e.id || e.textContent || e.tagName"));
    }

    /** Goes on from element to element until this one has the focus. */
    public void tabTo(String focusedText) {
        for (int i = 0; i < 60; i++) {
            if (focused().contains(focusedText)) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("the Tab key never came to " + focusedText + ", but to " + focused());
    }

    /** Opens the dialog of a server; rows move while they are looked at. */
    public void change(String server) {
        RunningBalancer.await("the row of " + server, () -> {
            try {
                find("button[aria-label='Change " + server + "']").click();
                return Boolean.TRUE.equals(js("return document.getElementById('dialog').open"));
            } catch (StaleElementReferenceException | org.openqa.selenium.NoSuchElementException moved) {
                return false;
            }
        });
    }

    public void choose(String action) {
        find("#dialog input[value='" + action + "']").click();
    }

    /** Waits for the plan that says this, and does it. */
    public void confirm(String plan) {
        awaitText("dialog-text", plan);
        RunningBalancer.await(
                "the plan can be confirmed", () -> find("#dialog-do").isEnabled());
        find("#dialog-do").click();
        RunningBalancer.await(
                "the dialog closes; it says " + text("dialog-answer"),
                () -> Boolean.FALSE.equals(js("return document.getElementById('dialog').open")));
    }

    public void awaitText(String id, String part) {
        RunningBalancer.await(
                part + " in " + id,
                () -> String.valueOf(js("return document.getElementById(arguments[0]).textContent", id))
                        .contains(part));
    }

    public void awaitRow(String server, String word) {
        RunningBalancer.await(
                server + " is " + word,
                () -> rows().stream().anyMatch(row -> row.startsWith(server) && row.contains(word)));
    }

    @Override
    public void close() {
        try {
            List<String> errors = driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                    .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                    .map(Object::toString)
                    .filter(line -> tolerated.isEmpty() || !line.contains(tolerated))
                    .toList();
            assertThat(errors).as("the console").isEmpty();
        } finally {
            if (process.equals(desktop)) {
                driver.get("about:blank");
            } else {
                process.end();
            }
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // the browser's last files may go while they are looked at
        }
    }
}
