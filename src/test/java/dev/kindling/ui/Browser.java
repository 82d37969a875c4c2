package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, and what a person does and sees on the Training tab in it. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long PAUSE_MILLIS = 50;

    /** It would warn of each browser that is newer than itself. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one; where there is none, the test that asked for it is skipped. */
    static Browser start(String... switches) {
        Optional<File> chromium = installed("chromium");
        Optional<File> chromedriver = installed("chromedriver");
        String missing = "found no chromium and chromedriver, which tests of the Training tab need: "
                + "apt-get install chromium chromium-driver";
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            System.err.println(missing); // Maven says of skipped tests only how many they are
        }
        assumeTrue(chromium.isPresent() && chromedriver.isPresent(), missing);

        SELENIUM.setLevel(Level.SEVERE);
        LoggingPreferences logged = new LoggingPreferences();
        logged.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.setCapability("goog:loggingPrefs", logged);
        // It runs as root in CI, and is to ask nobody but Spark.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        options.addArguments("--no-first-run", "--disable-background-networking", "--disable-component-update");
        options.addArguments("--disable-sync", "--window-size=1280,1000");
        options.addArguments(switches);
        // With its path given, Selenium does not look for a driver to download.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.get())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
        return new Browser(driver);
    }

    private static Optional<File> installed(String name) {
        return Stream.concat(
                        Stream.of("/usr/bin"), Stream.of(System.getenv("PATH").split(File.pathSeparator)))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    void open(String url) {
        driver.get(url);
    }

    /** As a person does: once more where the page was refreshed, and moved, between the look and the click. */
    void click(String selector) {
        await(
                () -> {
                    try {
                        driver.findElement(By.cssSelector(selector)).click();
                        return true;
                    } catch (ElementClickInterceptedException e) {
                        return false;
                    }
                },
                clicked -> clicked);
    }

    String url() {
        return driver.getCurrentUrl();
    }

    String title() {
        return driver.getTitle();
    }

    /** What a person can read there, in all elements, in order; read at once, as the page changes under the hand. */
    List<String> read(String selector) {
        List<?> texts = evaluate(
                List.class,
                "[...document.querySelectorAll(arguments[0])].map((part) => part.innerText ?? part.textContent)",
                selector);
        return texts.stream().map(String.class::cast).toList();
    }

    /** The value of a JavaScript expression, in which {@code arguments} are what is given beside it. */
    <T> T evaluate(Class<T> type, String expression, Object... arguments) {
        return type.cast(driver.executeScript("return " + expression, arguments));
    }

    /** Asks again until the answer is right, and gives it. */
    static <T> T await(Supplier<T> question, Predicate<T> isRight) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        T answer = question.get();
        while (!isRight.test(answer)) {
            assertThat(System.nanoTime() < end).as("in time; still %s", answer).isTrue();
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            answer = question.get();
        }
        return answer;
    }

    /** A fact of the run by its name, or null. */
    String fact(String name) {
        return evaluate(String.class, """
                [...document.querySelectorAll('#training dt')]
                  .filter((term) => term.textContent.startsWith(arguments[0]))
                  .map((term) => term.nextElementSibling.textContent)[0]
                """, name);
    }

    /** The steps taken. */
    int step() {
        String step = fact("Step");
        return step == null ? 0 : Integer.parseInt(step.replaceAll(" of .*", "").replace(",", ""));
    }

    /** Where the last points of all lines of all charts are. */
    String lastPoints() {
        return evaluate(String.class, """
                [...document.querySelectorAll('#training svg circle')]
                  .map((point) => point.getAttribute('cx') + ',' + point.getAttribute('cy')).join(' ')
                """);
    }

    /** Draws a vertical line with the mouse. */
    void drawAOne() {
        WebElement canvas = driver.findElement(By.cssSelector("#digit canvas"));
        int third = canvas.getSize().getHeight() / 3;
        new Actions(driver)
                .moveToElement(canvas, 0, -third)
                .clickAndHold()
                .moveByOffset(0, third)
                .moveByOffset(0, third)
                .release()
                .perform();
    }

    /** What the page says to a drawing: a probability for each class. Empty before it is drawn. */
    List<Double> probabilities() {
        return read("#digit .k-probability").stream()
                .filter(text -> !text.isEmpty())
                .map(Double::valueOf)
                .toList();
    }

    /** The size of the page's visible part, as a phone has it: a window cannot be that narrow. */
    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Counts what scripts ask servers for, on each page that is opened from now on. */
    void countFetches() {
        String count = """
                const ask = window.fetch;
                window.fetches = 0;
                window.fetch = (...what) => { window.fetches++; return ask(...what); };
                """;
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", count));
    }

    /** How many there were since the page was opened. */
    long fetches() {
        return evaluate(Long.class, "window.fetches");
    }

    /** What went wrong since the last time this was asked: scripts that failed, what was not found or not allowed. */
    List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
