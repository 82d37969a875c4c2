package dev.kindling.error;

import static dev.kindling.error.KindlingException.setting;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class KindlingExceptionTest {
    private static KindlingException ofSettings() {
        return new KindlingException(setting("learning-rate") + ": found 0, expected less than " + setting("beta1"));
    }

    @Test
    void aSettingIsCalledAsInCode() {
        assertThat(ofSettings()).hasMessage("learningRate: found 0, expected less than beta1");
    }

    @Test
    void aSettingIsCalledAsWhoeverShowsTheMessageSays() {
        assertThat(ofSettings().message(name -> "--" + name))
                .isEqualTo("--learning-rate: found 0, expected less than --beta1");
        assertThat(ofSettings().message(name -> "$1\\")).isEqualTo("$1\\: found 0, expected less than $1\\");
    }

    @Test
    void itComesBackFromATaskAsItWas() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(ofSettings());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            KindlingException back = (KindlingException) in.readObject();
            assertThat(back.message(name -> "--" + name)).startsWith("--learning-rate: ");
        }
    }

    @Test
    void whatWouldBreakTheLineIsShownAsAQuestionMark() {
        assertThat(new KindlingException("a\nb\u001b[2Jc\u2028d\u202ee\uE000f\uE001g\uE000H\uE001"))
                .hasMessage("a?b?[2Jc?d?efg?H?");
    }

    @Test
    void whatIsEndlessIsCut() {
        assertThat(new KindlingException("x".repeat(3_000)).getMessage())
                .hasSize(2_003)
                .endsWith("x...");
    }
}
