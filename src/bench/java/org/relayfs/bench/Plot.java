package org.relayfs.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A table as a picture: the size of a record to the right, the cost or throughput upwards, both by their logarithms,
/// and a line for each subject. The picture is SVG without scripts, fonts or styles of its own.
final class Plot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final int LEFT = 60;
    private static final int RIGHT = 590;
    private static final int TOP = 40;
    private static final int BOTTOM = 390;
    private static final int LEGEND_STEP = 18;

    // Ours comes first and is black; the others have colours that people with any colour vision tell apart (Okabe and
    // Ito).
    private static final String OURS = "#000000";
    private static final List<String> COLOURS =
            List.of("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9");

    private final String title;
    private final List<Result> results;
    private final Set<String> subjects = new LinkedHashSet<>();
    private final double[] xs;
    private final int firstDecade;
    private final int lastDecade;
    private final StringBuilder svg = new StringBuilder();

    /// @param results those of one table, at least one
    Plot(List<Result> results) {
        this.title = results.getFirst().title();
        this.results = results;
        results.forEach(result -> subjects.add(result.subject()));
        xs = results.stream().mapToDouble(Result::bytes).distinct().sorted().toArray();
        firstDecade = (int) Math.floor(
                Math.log10(results.stream().mapToDouble(Result::median).min().orElseThrow()));
        lastDecade = Math.max(firstDecade + 1, (int) Math.ceil(
                Math.log10(results.stream().mapToDouble(Result::median).max().orElseThrow())));
    }

    /// {@return a whole SVG file}
    String draw() {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">"
                        .formatted(WIDTH, HEIGHT));
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>".formatted(WIDTH, HEIGHT));
        add("<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>".formatted(LEFT, escaped(title)));
        grid();
        int number = 0;
        for (String subject : subjects) {
            line(subject, number++);
        }
        add("</svg>");
        return svg.toString();
    }

    private void grid() {
        for (double x : xs) {
            add("<path d=\"M%s %dV%d\" stroke=\"#eee\"/>".formatted(tenth(across(x)), TOP, BOTTOM));
            add("<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                    .formatted(tenth(across(x)), BOTTOM + 16, tenth(x)));
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">bytes a record</text>".formatted(RIGHT, BOTTOM + 34));
        for (int decade = firstDecade; decade <= lastDecade; decade++) {
            for (int digit : decade < lastDecade ? new int[] {1, 2, 5} : new int[] {1}) {
                double value = digit * Math.pow(10, decade);
                add("<path d=\"M%d %sH%d\" stroke=\"%s\"/>"
                        .formatted(LEFT, tenth(up(value)), RIGHT, digit == 1 ? "#bbb" : "#eee"));
                add("<text x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>"
                        .formatted(LEFT - 6, tenth(up(value) + 4), tenth(value)));
            }
        }
    }

    private void line(String subject, int number) {
        String colour = number == 0 ? OURS : COLOURS.get((number - 1) % COLOURS.size());
        String look = "stroke=\"" + colour + "\" stroke-width=\"" + (number == 0 ? 3 : 1.5) + "\""
                + (number <= COLOURS.size() ? "" : " stroke-dasharray=\"5 3\"");
        StringBuilder points = new StringBuilder();
        for (Result result : results) {
            if (result.subject().equals(subject)) {
                points.append(tenth(across(result.bytes())) + "," + tenth(up(result.median())) + " ");
            }
        }
        add("<polyline points=\"%s\" fill=\"none\" %s/>"
                .formatted(points.toString().strip(), look));
        int y = TOP + 10 + number * LEGEND_STEP;
        add("<path d=\"M%d %dh22\" %s/>".formatted(RIGHT + 12, y, look));
        add("<text x=\"%d\" y=\"%d\">%s</text>".formatted(RIGHT + 40, y + 4, escaped(subject)));
    }

    private double across(double bytes) {
        double width = Math.log(xs[xs.length - 1] / xs[0]);
        double part = width == 0 ? 0.5 : Math.log(bytes / xs[0]) / width;
        return LEFT + 15 + part * (RIGHT - LEFT - 30);
    }

    private double up(double value) {
        return BOTTOM - (Math.log10(value) - firstDecade) / (lastDecade - firstDecade) * (BOTTOM - TOP);
    }

    /// To a tenth, and without a zero behind the point.
    private static String tenth(double value) {
        return BigDecimal.valueOf(value)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private void add(String line) {
        svg.append(line).append('\n');
    }
}
