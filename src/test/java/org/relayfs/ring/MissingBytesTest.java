package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relayfs.ring.MissingBytes.Claim;

class MissingBytesTest {
    private static Claim certain(long offset, long length, boolean alive) {
        return new Claim(offset, length, true, alive);
    }

    private static Claim perhaps(long offset, long length, boolean alive) {
        return new Claim(offset, length, false, alive);
    }

    @Test
    void certainClaimsThatMakeUpWhatIsMissingAreAll() {
        MissingBytes bytes = MissingBytes.explain(
                List.of(certain(0, 5, false), certain(5, 7, true), perhaps(20, 12, false)), 64, 12);
        assertThat(bytes.lost()).containsExactly(certain(0, 5, false), certain(5, 7, true));
        assertThat(bytes.lostBytes()).isEqualTo(12);
        assertThat(bytes.owedByTheDead(12)).isEqualTo(5);
    }

    /// One of two explanations is the truth: neither share is certain, so nothing is paid for anybody.
    @Test
    void nothingIsPaidForTheDeadWhenTheLivingMayOweIt() {
        MissingBytes bytes = MissingBytes.explain(List.of(perhaps(0, 5, false), perhaps(5, 5, true)), 64, 5);
        assertThat(bytes.lost()).hasSize(2);
        assertThat(bytes.owedByTheDead(5)).isZero();
    }

    @Test
    void amongTheDeadAloneAllThatIsMissingIsPaidHoweverItIsExplained() {
        MissingBytes bytes = MissingBytes.explain(List.of(perhaps(0, 5, false), perhaps(5, 5, false)), 64, 5);
        assertThat(bytes.lostBytes()).isEqualTo(10);
        assertThat(bytes.owedByTheDead(5)).isEqualTo(5);
    }

    @Test
    void theOnlyExplanationIsExact() {
        MissingBytes bytes = MissingBytes.explain(List.of(perhaps(0, 5, false), perhaps(5, 6, true)), 64, 11);
        assertThat(bytes.lost()).hasSize(2);
        assertThat(bytes.owedByTheDead(11)).isEqualTo(5);
    }

    @Test
    void whatDoesNotAddUpIsNotExplained() {
        assertThat(MissingBytes.explain(List.of(certain(0, 5, false)), 64, 4)).isNull();
        assertThat(MissingBytes.explain(List.of(certain(0, 5, false)), 64, 6)).isNull();
        assertThat(MissingBytes.explain(List.of(perhaps(0, 5, false)), 64, 6)).isNull();
        assertThat(MissingBytes.explain(List.of(), 64, 1)).isNull();
    }

    @Test
    void nothingMissingIsExplainedByNothing() {
        assertThat(MissingBytes.explain(List.of(perhaps(0, 5, false)), 64, 0).lost())
                .isEmpty();
    }

    @Test
    void claimsBeyondThePayloadDoNotCount() {
        assertThat(MissingBytes.explain(List.of(certain(60, 5, false)), 64, 5)).isNull();
        assertThat(MissingBytes.explain(List.of(certain(59, 5, false)), 64, 5).lostBytes())
                .isEqualTo(5);
        assertThat(MissingBytes.explain(List.of(certain(5, 0, false)), 64, 0).lost())
                .isEmpty();
    }

    @Test
    void anAnnouncementThatOverlapsACertainOneWasNeverMade() {
        MissingBytes bytes =
                MissingBytes.explain(List.of(certain(0, 5, false), perhaps(4, 3, false), perhaps(5, 3, false)), 64, 8);
        assertThat(bytes.lost()).containsExactly(certain(0, 5, false), perhaps(5, 3, false));
    }

    @Test
    void twoThatOverlapAreNotBothTaken() {
        assertThat(MissingBytes.explain(List.of(perhaps(0, 5, false), perhaps(4, 5, false)), 64, 10))
                .isNull();
        assertThat(MissingBytes.explain(List.of(perhaps(0, 5, false), perhaps(5, 5, false)), 64, 10))
                .isNotNull();
    }

    @Test
    void theSameAnnouncementTwiceIsOne() {
        MissingBytes bytes = MissingBytes.explain(List.of(certain(0, 5, false), certain(0, 5, false)), 64, 5);
        assertThat(bytes.lost()).hasSize(1);
    }

    @Test
    void upToTwelveUncertainOnesAreTried() {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            claims.add(perhaps(4L * i, 4, false));
        }
        assertThat(MissingBytes.explain(claims, 64, 48).lost()).hasSize(12);
        claims.add(perhaps(48, 4, false));
        assertThat(MissingBytes.explain(claims, 64, 48)).isNull();
        claims.add(certain(52, 4, false));
        assertThat(MissingBytes.explain(claims, 64, 4).lost()).hasSize(1);
    }
}
