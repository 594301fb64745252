package org.relayfs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpusTest {
    @Test
    void readsWhatTheKernelPrints() {
        assertThat(Cpus.parse("0\n")).containsExactly(0);
        assertThat(Cpus.parse("0-3,5,8-9\n")).containsExactly(0, 1, 2, 3, 5, 8, 9);
    }

    @Test
    void numbersMayHaveHolesButHaveALimit() {
        assertThat(new Cpus(List.of(0, 7, 1023), 1024).online()).containsExactly(0, 7, 1023);
        assertThat(new Cpus(List.of(0), 1).possible()).isEqualTo(1);
        for (Runnable wrong : List.<Runnable>of(
                () -> new Cpus(List.of(), 1),
                () -> new Cpus(List.of(0), 0),
                () -> new Cpus(List.of(0), 1025),
                () -> new Cpus(List.of(0, 4), 4))) {
            assertThatThrownBy(wrong::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit=1..1024");
        }
    }

    @Test
    void thisMachineHasSome() throws IOException {
        Cpus cpus = Cpus.ofSystem();
        assertThat(cpus.online()).isNotEmpty().isSorted();
        assertThat(cpus.possible()).isGreaterThan(cpus.online().getLast());
    }
}
