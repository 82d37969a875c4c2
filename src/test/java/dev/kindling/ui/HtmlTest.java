package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void valuesAreEscapedAndPiecesAreNot() {
        Html piece = Html.of("<b title='%s'>%s</b>", "it's \"so\"", "1 < 2 & 3 > 2");
        assertThat(Html.of("<p>%s %s</p>", piece, "<i>"))
                .hasToString("<p><b title='it&#39;s &quot;so&quot;'>1 &lt; 2 &amp; 3 &gt; 2</b> &lt;i&gt;</p>");
    }

    @Test
    void percentSignsOfValuesAreNoPlaces() {
        assertThat(Html.of("<p>%s</p>", "100 %s %n")).hasToString("<p>100 %s %n</p>");
    }
}
