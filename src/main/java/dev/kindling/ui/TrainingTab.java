package dev.kindling.ui;

import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;

/** The tab: a page and its JSON, its script and style, and the servlet that answers a drawing. Nothing here changes anything. */
final class TrainingTab extends SparkUITab {
    private TrainingTab(SparkUI ui, TrainingRuns runs) {
        super(ui, "training");
        attachPage(new TrainingPage(this, runs));
    }

    static void attach(SparkUI ui, TrainingRuns runs) {
        ui.attachTab(new TrainingTab(ui, runs));
        String path = ui.basePath() + "/training";
        ui.attachHandler(path + "/static", new ResourceServlet(), "/");
        ui.attachHandler(path + "/digit", new DigitServlet(runs), "/");
    }
}
