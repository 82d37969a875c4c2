package dev.kindling.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void itIsTheFirstLineThatSaysSomething() {
        assertThat(Reason.of(new IOException("\n \nSyntax error\n\n== SQL =="))).isEqualTo("Syntax error");
        assertThat(Reason.of(new IOException("disk full"))).isEqualTo("disk full");
    }

    @Test
    void withoutAMessageItIsTheKind() {
        assertThat(Reason.of(new IOException())).isEqualTo("IOException");
        assertThat(Reason.of(new IOException("\n"))).isEqualTo("IOException");
    }

    @Test
    void theInnermostCauseSaysWhatWasWrong() {
        assertThat(Reason.innermost(new IOException("outside", new IOException("inside"))))
                .isEqualTo("inside");
    }
}
