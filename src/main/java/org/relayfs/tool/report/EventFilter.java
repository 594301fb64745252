package org.relayfs.tool.report;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;

/// Which events are wanted.
///
/// @param types   names, with `*` for any characters; none: all but the first events of sub-buffers
/// @param level   the least, or null
/// @param threads numbers or names; none: all
/// @param since   nanoseconds since 1970: the first that is wanted
/// @param until   nanoseconds since 1970: the first that is not wanted any more
/// @param text    what the line of an event is to contain, or null
record EventFilter(List<String> types, Level level, List<String> threads, long since, long until, Pattern text) {
    /// Whether events of a type are wanted. What nobody has said anything of has no level: any is wanted.
    boolean takesType(int id, EventType type) {
        String name = ReportedTrace.name(id, type);
        boolean isNamed = types.isEmpty()
                ? !BuiltInType.SUB_BUFFER.type().equals(type)
                : types.stream().anyMatch(pattern -> matches(pattern, name));
        return isNamed && (level == null || type == null || type.level().compareTo(level) >= 0);
    }

    /// With the pieces between the stars, one after the other: a longer look back is never needed.
    private static boolean matches(String pattern, String name) {
        String[] pieces = pattern.split("\\*", -1);
        String last = pieces[pieces.length - 1];
        if (pieces.length == 1) {
            return name.equals(pattern);
        }
        if (!name.startsWith(pieces[0]) || name.length() < pieces[0].length() + last.length() || !name.endsWith(last)) {
            return false;
        }
        int at = pieces[0].length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int found = name.indexOf(pieces[i], at);
            if (found < 0) {
                return false;
            }
            at = found + pieces[i].length();
        }
        return at <= name.length() - last.length();
    }

    /// {@return the numbers of the threads that are wanted, in order, or null for all}
    long[] threads(Map<Long, String> names) {
        if (threads.isEmpty()) {
            return null;
        }
        LongStream named = names.entrySet().stream()
                .filter(entry -> threads.contains(entry.getValue()))
                .mapToLong(Map.Entry::getKey);
        LongStream numbered = threads.stream()
                .filter(word ->
                        word.length() <= 10 && !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9'))
                .mapToLong(Long::parseLong);
        return LongStream.concat(named, numbered).sorted().toArray();
    }

    boolean takesTime(long time) {
        return time >= since && time < until;
    }

    /// {@return whether times matter}
    boolean hasTimes() {
        return since != Long.MIN_VALUE || until != Long.MAX_VALUE;
    }
}
