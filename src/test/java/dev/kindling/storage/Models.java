package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;

/** Models beside those that they were written from. */
public final class Models {
    private Models() {}

    /** The same network, with the same names, scales, and labels or targets. */
    public static void assertSame(Model back, Model model) {
        assertThat(back.digest()).isEqualTo(model.digest());
        assertThat(back.architecture()).isEqualTo(model.architecture());
        assertThat(back.signature().isPresent()).isEqualTo(model.signature().isPresent());
        if (model.signature().isPresent()) {
            Signature expected = model.signature().get();
            Signature found = back.signature().orElseThrow();
            assertThat(found.inputs().form()).isEqualTo(expected.inputs().form());
            assertThat(found.inputs().columns()).isEqualTo(expected.inputs().columns());
            assertThat(found.labels()).isEqualTo(expected.labels());
            assertThat(found.targets().map(Targets::columns))
                    .isEqualTo(expected.targets().map(Targets::columns));
        }
    }
}
