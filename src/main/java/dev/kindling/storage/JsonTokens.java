package dev.kindling.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A JSON file, token by token: what is expected comes, or it is said what was found instead, and where. */
final class JsonTokens implements AutoCloseable {
    /** Of a name or a label; a row of a table has as many at most. */
    private static final int MOST_CHARACTERS = 4_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MOST_CHARACTERS)
                    .build())
            .build();

    private final String name;
    private final JsonParser parser;

    /**
     * @param name of the file, for messages
     * @param in closed with this
     */
    JsonTokens(String name, InputStream in) throws IOException {
        this.name = name;
        this.parser = FACTORY.createParser(in);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** Where there is an object, goes through its fields; the last thing read of each is its value. */
    boolean nextField() throws IOException {
        return parser.nextToken() != JsonToken.END_OBJECT;
    }

    /** Goes on to the next element; false after the last. */
    boolean nextElement() throws IOException {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    /** The name of the field. */
    String field() throws IOException {
        return parser.currentName();
    }

    boolean is(JsonToken token) {
        return parser.currentToken() == token;
    }

    void next() throws IOException {
        parser.nextToken();
    }

    /** Goes on, to a token that is expected; null for the end of the file. */
    void next(JsonToken token, String expected) throws IOException {
        next();
        expect(token, expected);
    }

    void expect(JsonToken token, String expected) throws IOException {
        if (!is(token)) {
            throw wrong(expected);
        }
    }

    /** The number that is here. */
    double number(String path) throws IOException {
        if (parser.currentToken() == null || !parser.currentToken().isNumeric()) {
            throw wrong(path + " to hold numbers");
        }
        double number = parser.getDoubleValue();
        if (!Double.isFinite(number)) {
            throw wrong(path + " to hold finite numbers");
        }
        return number;
    }

    /** The next value, which is text. */
    String text(String path) throws IOException {
        next(JsonToken.VALUE_STRING, path + " to be text");
        return parser.getText();
    }

    /** The next value, which is an array of text. */
    List<String> texts(String path) throws IOException {
        List<String> texts = new ArrayList<>();
        next(JsonToken.START_ARRAY, path + " to be an array of text");
        while (nextElement()) {
            expect(JsonToken.VALUE_STRING, path + " to hold text");
            texts.add(parser.getText());
            checkSize(path, texts.size(), Architecture.MAX_SIZE);
        }
        return texts;
    }

    /** The next value, which is an array of numbers. */
    double[] numbers(String path) throws IOException {
        double[] numbers = new double[16];
        int count = 0;
        next(JsonToken.START_ARRAY, path + " to be an array of numbers");
        while (nextElement()) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number(path);
            checkSize(path, count, Architecture.MAX_INPUTS);
        }
        return Arrays.copyOf(numbers, count);
    }

    /** Refuses what no network has. */
    void checkSize(String path, int size, int most) throws IOException {
        if (size > most) {
            throw wrong("at most " + most + " in a row or column of " + path);
        }
    }

    /** What to say of the token that is here. */
    KindlingException wrong(String expected) throws IOException {
        String text = parser.currentToken() == null ? "the end of the file" : parser.getText();
        String found = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return new KindlingException(name + ": found " + found + " at line "
                + parser.currentLocation().getLineNr() + ", expected " + expected);
    }

    /** What to say of values that were read. */
    KindlingException wrong(String path, KindlingException why) {
        return new KindlingException(name + ": " + path + ": " + why.getMessage(), why);
    }
}
