import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.kindling.Predictor;
import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;

/** Predicts rows over HTTP, without Spark: a row is numbers, as CSV or a JSON array, and the answer its label and probabilities. */
public final class PredictionService {
    private PredictionService() {}

    public static void main(String[] arguments) throws IOException {
        Predictor predictor = Predictor.load(Path.of(arguments[0]));
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", Integer.parseInt(arguments[1])), 0);
        server.createContext("/", exchange -> {
            String row = new String(exchange.getRequestBody().readNBytes(1 << 20), UTF_8);
            int status = 200;
            String answer;
            try {
                answer = answer(predictor, row);
            } catch (KindlingException | NumberFormatException e) {
                status = 400;
                answer = e.getMessage();
            }
            exchange.sendResponseHeaders(status, answer.getBytes(UTF_8).length);
            exchange.getResponseBody().write(answer.getBytes(UTF_8));
            exchange.close();
        });
        server.setExecutor(Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors()));
        server.start();
        System.out.println("http://localhost:" + server.getAddress().getPort());
    }

    private static String answer(Predictor predictor, String text) {
        String[] numbers = text.replaceAll("[\\[\\]\\s]", "").split(",", -1);
        double[] row = Arrays.stream(numbers).mapToDouble(Double::parseDouble).toArray();
        Object label = predictor.predict(row);
        float[] probabilities = predictor.probabilities(row);
        return label + " of " + predictor.labels() + " with " + Arrays.toString(probabilities) + "\n";
    }
}
