import com.sun.net.httpserver.HttpServer;
import dev.kindling.Predictor;
import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;

/** Predicts rows over HTTP, without Spark: a row is numbers, as CSV or a JSON array, and the answer its label and probabilities. */
public final class PredictionService {
    private PredictionService() {}

    public static void main(String[] arguments) throws IOException {
        Predictor predictor = Predictor.load(Path.of(arguments[0]));
        int port = Integer.parseInt(arguments[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            String row = new String(exchange.getRequestBody().readNBytes(1 << 20), StandardCharsets.UTF_8);
            try (exchange) {
                byte[] answer;
                int status = 200;
                try {
                    answer = answer(predictor, row).getBytes(StandardCharsets.UTF_8);
                } catch (KindlingException | NumberFormatException e) {
                    answer = e.getMessage().getBytes(StandardCharsets.UTF_8);
                    status = 400;
                }
                exchange.sendResponseHeaders(status, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.setExecutor(Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors()));
        server.start();
        System.out.println("http://localhost:" + server.getAddress().getPort());
    }

    private static String answer(Predictor predictor, String text) {
        double[] row = Arrays.stream(text.replaceAll("[\\[\\]\\s]", "").split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        Object label = predictor.predict(row);
        float[] probabilities = predictor.probabilities(row);
        return label + " of " + predictor.labels() + " with " + Arrays.toString(probabilities) + "\n";
    }
}
