package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.agent.api.ConsoleRecord.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamOrderTest {

    private final List<String> told = new ArrayList<>();
    private final StreamOrder order = new StreamOrder(new StreamOrder.Listener() {
        @Override
        public void text(Kind kind, String text, int bytes) {
            told.add(kind + " " + text.substring(0, Math.min(8, text.length())));
        }

        @Override
        public void step(String mark, int status) {
            told.add(mark + " " + status);
        }
    });

    @Test
    void holdsBackWhatAStreamSaysBehindAMarkUntilTheOtherGetsThere() {
        order.text(Kind.STDOUT, "cleaned", 7);
        order.mark(Kind.STDOUT, "r~clean", 2);
        order.text(Kind.STDOUT, "built", 5);
        order.mark(Kind.STDOUT, "r~build", 0);
        order.text(Kind.STDOUT, "done", 4);
        order.text(Kind.STDERR, "w1", 2);
        assertEquals(List.of("STDOUT cleaned", "STDERR w1"), told);
        order.mark(Kind.STDERR, "r~clean", 2);
        order.text(Kind.STDERR, "w2", 2);
        order.mark(Kind.STDERR, "r~build", 0);
        assertEquals(
                List.of(
                        "STDOUT cleaned",
                        "STDERR w1",
                        "r~clean 2",
                        "STDOUT built",
                        "STDERR w2",
                        "r~build 0",
                        "STDOUT done"),
                told);
    }

    @Test
    void aMarkThatTheOtherStreamNeverHasHoldsBackLittle() {
        order.mark(Kind.STDOUT, "r~build", 0);
        var count = 0;
        while (told.isEmpty()) {
            order.text(Kind.STDOUT, "x".repeat(1024), 1024);
            count++;
        }
        assertEquals(StreamOrder.MAX_HELD >> 10, count);
        order.text(Kind.STDOUT, "at once", 7);
        assertEquals("STDOUT at once", told.getLast());
    }

    @Test
    void marksThatDifferLoseNoText() {
        order.mark(Kind.STDOUT, "r~clean", 0);
        order.text(Kind.STDOUT, "a", 1);
        order.mark(Kind.STDERR, "r~build", 0);
        order.text(Kind.STDERR, "b", 1);
        assertEquals(List.of("STDOUT a", "STDERR b"), told);
    }

    @Test
    void theEndOfTheRunHandsOnWhatWaits() {
        order.mark(Kind.STDERR, "r~build", 0);
        order.text(Kind.STDERR, "late", 4);
        order.flush();
        assertEquals(List.of("STDERR late"), told);
    }
}
