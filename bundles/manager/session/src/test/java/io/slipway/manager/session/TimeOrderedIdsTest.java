package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final TimeOrderedIds ids = new TimeOrderedIds(() -> now, new SplittableRandom(1));

    @Test
    void growAlsoWithinOneMillisecondAndWhenTheClockGoesBack() {
        var before = ids.next();
        for (int i = 0; i < 10_000; i++) {
            if (i == 5_000) {
                now = now.minusSeconds(60);
            }
            var next = ids.next();
            assertTrue(before.toString().compareTo(next.toString()) < 0, before + " " + next);
            before = next;
        }
    }

    @Test
    void areOfVersion7AndTellTheTime() {
        var id = ids.next();
        assertEquals(7, id.version());
        assertEquals(2, id.variant());
        assertEquals(now.toEpochMilli(), id.getMostSignificantBits() >>> 16);
    }
}
