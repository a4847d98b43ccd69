package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class WriteCountTest {

    private static final String FILE = "jdbc:h2:file:/tmp/write-count-test;WRITE_DELAY=0";

    @Test
    void staysTheSameAsLongAsNothingIsWritten() {
        var count = WriteCount.of(FILE);
        var before = count.calm();
        assertEquals(before, count.calm());
        count.during(number -> {}, () -> "written");
        assertNotEquals(before, count.calm());
    }

    @Test
    void knowsNothingWhileSomethingIsWritten() {
        var count = WriteCount.of(FILE);
        assertEquals(WriteCount.NEVER, count.during(number -> {}, count::calm));
    }

    @Test
    void countsWhatFails() {
        var count = WriteCount.of(FILE);
        var before = count.calm();
        assertThrows(
                IllegalStateException.class,
                () -> count.during(number -> {}, () -> {
                    throw new IllegalStateException("no");
                }));
        assertNotEquals(WriteCount.NEVER, count.calm());
        assertNotEquals(before, count.calm());
    }

    @Test
    void isOneForAllWhoOpenTheSameFile() {
        var first = WriteCount.of(FILE);
        var before = first.calm();
        WriteCount.of(FILE).during(number -> {}, () -> "written by another");
        assertNotEquals(before, first.calm());
    }

    @Test
    void neverKnowsWhereAnotherProcessMayWrite() {
        assertEquals(
                WriteCount.NEVER, WriteCount.of("jdbc:postgresql://db/slipway").calm());
        assertNull(WriteCount.fileOfOurOwn("jdbc:h2:tcp://db/slipway"));
        assertNull(WriteCount.fileOfOurOwn("jdbc:h2:file:/tmp/x;auto_server=TRUE"));
        assertNull(WriteCount.fileOfOurOwn("jdbc:h2:file:/tmp/x;FILE_LOCK=NO"));
    }
}
