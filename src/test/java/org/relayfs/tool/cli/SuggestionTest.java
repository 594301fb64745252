package org.relayfs.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Field case 24: what a typo may have meant.
final class SuggestionTest {
    private static final List<String> KNOWN =
            List.of("mount", "umount", "unmount", "list", "cat", "stat", "record", "reset", "destroy");

    @ParameterizedTest
    @CsvSource({
        "mnt, mount", // two inserted
        "lsit, list", // neighbours exchanged
        "catt, cat", // one too many
        "recird, record", // another letter
        "unmuont, unmount",
        "des, destroy" // begun
    })
    void theNearestWordIsNamed(String word, String meant) {
        assertThat(Suggestion.of(word, KNOWN)).isEqualTo(" (did you mean " + meant + "?)");
    }

    @Test
    void whatIsEquallyNearIsNamedToo() {
        assertThat(Suggestion.of("re", KNOWN)).isEqualTo(" (did you mean record or reset?)");
        assertThat(Suggestion.of("a", List.of("ad", "ac", "ab", "aa"))).isEqualTo(" (did you mean aa or ab or ac?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "frobnicate", "foo", "dog", "restore"})
    void whatIsLikeNothingIsNotGuessed(String word) {
        assertThat(Suggestion.of(word, KNOWN)).isEmpty();
    }

    @Test
    void moreThanThreeChangesAreAnotherWord() {
        assertThat(Suggestion.of("default_abcissions", List.of("default_permissions")))
                .isEmpty();
        assertThat(Suggestion.of("default_prmisions", List.of("default_permissions")))
                .isEqualTo(" (did you mean default_permissions?)");
    }
}
