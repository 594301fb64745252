package org.relayfs.tool.cli;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The word that somebody who mistyped one may have meant.
public final class Suggestion {
    private static final int MOST_WORDS = 3;
    private static final int MOST_CHANGES = 3;

    private Suggestion() {}

    /// Says it after the word in a complaint.
    ///
    /// @param word  what was typed
    /// @param known what there is
    /// @return ` (did you mean A or B?)`, or nothing when no word is like it
    public static String of(String word, Collection<String> known) {
        List<String> nearest = nearest(word, known);
        return nearest.isEmpty() ? "" : " (did you mean " + String.join(" or ", nearest) + "?)";
    }

    /// The words that take the fewest changes of letters; none if more than two fifths of the letters would
    /// change.
    private static List<String> nearest(String word, Collection<String> known) {
        TreeMap<Integer, List<String>> byDistance = new TreeMap<>();
        for (String candidate : known) {
            boolean begun = !word.isEmpty() && candidate.startsWith(word);
            int distance = begun ? 1 : distance(word, candidate);
            boolean alike = 5 * distance <= 2 * Math.max(word.length(), candidate.length());
            if (begun || alike && distance <= MOST_CHANGES) {
                byDistance.merge(distance, List.of(candidate), Suggestion::plus);
            }
        }
        return byDistance.isEmpty()
                ? List.of()
                : byDistance.firstEntry().getValue().stream()
                        .sorted()
                        .limit(MOST_WORDS)
                        .toList();
    }

    private static List<String> plus(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /// Letters to insert, to remove, to replace or, if neighbours, to exchange.
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(int[][] d, String a, String b, int i, int j) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(least, d[i - 2][j - 2] + 1) : least;
    }
}
