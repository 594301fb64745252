package org.relayfs.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block of code in a document: fenced in Markdown, `.Bd -literal` in a manual page.
///
/// Comments right before a block say what a test needs that no reader wants to see: `<!-- before: COMMAND -->` in
/// Markdown, `.\" before: COMMAND` in a manual page. The keys are those of [#NOTES].
///
/// @param document where it stands
/// @param line     its first line
/// @param language what the fence says; nothing for a picture, `sh` for a manual page
/// @param text     its lines
/// @param notes    the comments before it
record DocumentBlock(Path document, int line, String language, String text, Map<String, String> notes) {
    /// `before` and `after` are commands around it, `meanwhile` runs beside it, `prints` is its output where the
    /// document
    /// does not show it, `run by` names the tests that run it in its place.
    private static final String NOTES = "before|meanwhile|after|prints|run by";

    private static final Pattern MARKDOWN_NOTE = Pattern.compile("<!-- (" + NOTES + "): (.+) -->");
    private static final Pattern MAN_NOTE = Pattern.compile("\\.\\\\\" (" + NOTES + "): (.+)");
    private static final Pattern FENCE = Pattern.compile("```(\\w*)");
    private static final Pattern FILE_NAME = Pattern.compile("^(?://|#|/\\*) ([\\w-]+\\.\\w+)\\b");

    static List<DocumentBlock> of(Path document) throws IOException {
        boolean markdown = document.toString().endsWith(".md");
        List<String> lines = Files.readAllLines(document);
        List<DocumentBlock> blocks = new ArrayList<>();
        Map<String, String> notes = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher note = (markdown ? MARKDOWN_NOTE : MAN_NOTE).matcher(lines.get(i));
            Matcher fence = FENCE.matcher(lines.get(i));
            if (note.matches()) {
                notes.put(note.group(1), note.group(2));
                continue;
            }
            if (markdown ? fence.matches() : lines.get(i).startsWith(".Bd -literal")) {
                int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf(markdown ? "```" : ".Ed");
                String text = String.join("\n", lines.subList(i + 1, end)) + "\n";
                blocks.add(
                        new DocumentBlock(document, i + 2, markdown ? fence.group(1) : "sh", text, Map.copyOf(notes)));
                i = end;
            }
            notes.clear();
        }
        return blocks;
    }

    Optional<String> note(String key) {
        return Optional.ofNullable(notes.get(key));
    }

    /// The name in the comment of a program's first line.
    String fileName() {
        Matcher name = FILE_NAME.matcher(text);
        if (!name.find()) {
            throw new AssertionError(this + ": its first line is no comment with the name of a file");
        }
        return name.group(1);
    }

    @Override
    public String toString() {
        return document.getFileName() + ":" + line;
    }
}
