package dev.kindling.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Commands for tests in another language: each line of stdin is a JSON array of arguments, each of stdout a JSON object of its result. */
public final class CommandLoop {
    private CommandLoop() {}

    /**
     * Runs commands until stdin ends.
     *
     * @param none ignored
     */
    public static void main(String[] none) throws IOException {
        ObjectMapper json = new ObjectMapper();
        PrintStream results = System.out;
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            results.println(json.writeValueAsString(InProcess.run(json.readValue(line, String[].class))));
        }
        System.exit(0); // Spark's threads would go on
    }
}
