package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkedStreamTest {

    private final List<String> seen = new ArrayList<>();
    private final MarkedStream stream = new MarkedStream(new MarkedStream.Listener() {
        @Override
        public void text(String text, int bytes) {
            var last = seen.isEmpty() ? "!" : seen.getLast();
            if (last.startsWith("!")) {
                seen.add(text);
            } else {
                seen.set(seen.size() - 1, last + text);
            }
        }

        @Override
        public void end(String run, int status) {
            seen.add("!" + run + "=" + status);
        }
    });

    @Test
    void findsMarksWhereverChunksEnd() {
        var text = "é one\u0001slipway:r-1:0\ntwo \u0001 three\u0001slipway:*:137\n\u0001slipway:no mark\nfour€";
        var expected = List.of("é one", "!r-1=0", "two \u0001 three", "!*=137", "\u0001slipway:no mark\nfour€");
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var random = new Random(7);
        for (var turn = 0; turn < 500; turn++) {
            seen.clear();
            for (var at = 0; at < bytes.length; ) {
                var length = Math.min(bytes.length - at, 1 + random.nextInt(turn % 2 == 0 ? 3 : 40));
                feed(new String(bytes, at, length, StandardCharsets.ISO_8859_1));
                at += length;
            }
            assertEquals(expected, seen);
        }
    }

    @Test
    void givesOutHalfACharacterBeforeAMark() {
        feed("\u00c3");
        assertEquals(List.of(), seen);
        feed("\u0001slipway:r:1\n");
        assertEquals(List.of("\uFFFD", "!r=1"), seen);
    }

    @Test
    void doesNotWaitForEverForTheEndOfAMark() {
        feed("\u0001slipway:" + "x".repeat(200));
        assertEquals(209, seen.getFirst().length());
    }

    private void feed(String latin) {
        var bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
        stream.feed(bytes, bytes.length);
    }
}
