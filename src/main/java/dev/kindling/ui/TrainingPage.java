package dev.kindling.ui;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ui.UIUtils;
import org.apache.spark.ui.WebUIPage;
import org.json4s.JValue;
import org.json4s.jackson.JsonMethods$;
import scala.Function0;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.xml.Node;
import scala.xml.Unparsed;

/** {@code /training/} and {@code /training/json} of an application. */
final class TrainingPage extends WebUIPage {
    private final TrainingTab tab;
    private final TrainingRuns runs;

    TrainingPage(TrainingTab tab, TrainingRuns runs) {
        super("");
        this.tab = tab;
        this.runs = runs;
    }

    @Override
    public Seq<Node> render(HttpServletRequest request) {
        List<TrainingRun> all = runs.all();
        TrainingRun shown = chosen(all, request.getParameter("run")).orElse(null);
        Html html = new TrainingHtml(all, shown).page();
        return withHeader(
                request,
                CollectionConverters.asScala(List.<Node>of(new Unparsed(html.toString())))
                        .toSeq());
    }

    @Override
    public JValue renderJson(HttpServletRequest request) {
        return JsonMethods$.MODULE$.fromJsonNode(TrainingJson.of(runs.all()));
    }

    /** The run that was asked for; else the last that runs, else the last. */
    private static Optional<TrainingRun> chosen(List<TrainingRun> runs, String asked) {
        return runs.stream()
                .filter(run -> String.valueOf(run.id()).equals(asked))
                .findFirst()
                .or(() -> runs.stream().filter(TrainingRun::isRunning).reduce((first, second) -> second))
                .or(() -> runs.stream().reduce((first, second) -> second));
    }

    /** Spark's page around the content. Spark 4.2 has one switch more than 4.1; none of them is wanted. */
    @SuppressWarnings("unchecked")
    private Seq<Node> withHeader(HttpServletRequest request, Seq<Node> content) {
        Method header = Arrays.stream(UIUtils.class.getMethods())
                .filter(method -> method.getName().equals("headerSparkPage"))
                .findFirst()
                .orElseThrow();
        Function0<Seq<Node>> body = () -> content;
        Object[] arguments = new Object[header.getParameterCount()];
        Arrays.fill(arguments, false);
        System.arraycopy(new Object[] {request, "Training", body, tab, Option.empty()}, 0, arguments, 0, 5);
        try {
            return (Seq<Node>) header.invoke(null, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Spark draws its pages in another way than 4.1 and 4.2", e);
        }
    }
}
