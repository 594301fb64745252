package org.relayfs.jfr;

import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Timespan;
import jdk.jfr.Unsigned;

/// A type of events of a program.
@Name(Work.NAME)
final class Work extends Event {
    static final String NAME = "test.Work";

    String text;
    int number;

    @Unsigned
    byte small;

    double ratio;
    boolean flag;
    char letter;

    @Timespan(Timespan.MILLISECONDS)
    long pause;

    Class<?> type;
    Thread worker;

    /// Makes one that has just ended.
    static void done(int number) {
        Work work = new Work();
        work.begin();
        work.text = number % 2 == 0 ? "text " + number : null;
        work.number = number;
        work.small = (byte) 200;
        work.ratio = 1.5;
        work.flag = true;
        work.letter = 'é';
        work.pause = 3;
        work.type = String.class;
        work.worker = Thread.currentThread();
        work.commit();
    }
}
