package org.relayfs.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TextTableTest {
    private static final String LONG = "abcdefghijklmnopqrstuvwxyz";

    private static List<String> table() {
        TextTable table = new TextTable(1, "name", "bytes");
        table.add(List.of(LONG, "7"));
        table.add(List.of("b", "100000"));
        return table.lines();
    }

    @Test
    void wordsAreToTheLeftAndNumbersToTheRight() {
        assertThat(table())
                .containsExactly(
                        "name                         bytes", LONG + "       7", "b                           100000");
    }

    @Test
    void aTableThatFitsStaysAsItIs() {
        assertThat(TextTable.fit(table(), 34)).isEqualTo(table());
    }

    @Test
    void theMiddleOfLongWordsIsLeftOut() {
        assertThat(TextTable.fit(table(), 33))
                .containsExactly(
                        "name                        bytes",
                        "abcdefghijk...pqrstuvwxyz       7",
                        "b                          100000");
    }

    @Test
    void somethingOfAWordIsAlwaysLeft() {
        assertThat(TextTable.fit(table(), 5))
                .containsExactly("name          bytes", "abcd...wxyz       7", "b            100000");
        assertThat(TextTable.shortened(LONG, -3)).isEqualTo("abcd...wxyz");
        assertThat(TextTable.shortened("elevenchars", 3)).isEqualTo("elevenchars");
    }

    @Test
    void theLastColumnsAreLeftOutBeforeWordsAreHardToRecognise() {
        List<String> table = List.of(
                "name                       mode  files", LONG + " plain /", "b                          usual .");
        assertThat(TextTable.fit(table, 38, 2)).isEqualTo(table);
        assertThat(TextTable.fit(table, 28, 2))
                .containsExactly(
                        "name             mode  files", "abcdefg...uvwxyz plain /", "b                usual .");
        assertThat(TextTable.fit(table, 26, 2))
                .containsExactly(
                        "name                 mode", "abcdefghi...stuvwxyz plain", "b                    usual");
        assertThat(TextTable.fit(table, 16, 2))
                .containsExactly("name            ", "abcdefg...uvwxyz", "b               ");
    }
}
