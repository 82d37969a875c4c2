package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.jsoup.Jsoup;

/** What tests need to know of web servers in other processes. */
public final class WebServers {
    /** The first run of a build archives Spark's classes before. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final long PAUSE_MILLIS = 100;

    private WebServers() {}

    /** A port that nobody listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Asks for a page until it is there and holds a text, for as long as the process that is to serve it lives. */
    public static String await(String url, String part, ProcessHandle server) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String answer = get(url);
        while (!answer.contains(part)) {
            assertThat(server.isAlive()).as("a server for %s", url).isTrue();
            assertThat(System.nanoTime() < end)
                    .as("in time: %s, still %s", url, answer)
                    .isTrue();
            Thread.sleep(PAUSE_MILLIS);
            answer = get(url);
        }
        return answer;
    }

    /** A page, or nothing where there is none yet. */
    private static String get(String url) {
        try {
            return Jsoup.connect(url).ignoreContentType(true).execute().body();
        } catch (IOException | UncheckedIOException e) { // the latter for an answer that breaks off
            return "";
        }
    }
}
