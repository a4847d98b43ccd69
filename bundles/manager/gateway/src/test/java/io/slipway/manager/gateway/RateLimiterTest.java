package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private Instant now = Instant.parse("2026-01-02T03:04:00Z");
    private final RateLimiter limiter = new RateLimiter(() -> now);

    @Test
    void countsDownAndRefuses() {
        assertEquals(1, limiter.take("a", 2));
        assertEquals(0, limiter.take("a", 2));
        assertEquals(-1, limiter.take("a", 2));
        assertEquals(-1, limiter.take("a", 2));
        assertEquals(1, limiter.take("b", 2));
    }

    @Test
    void letsTheWindowRoll() {
        assertEquals(1, limiter.take("a", 2));
        now = now.plus(Duration.ofMinutes(10));
        assertEquals(0, limiter.take("a", 2));
        assertEquals(-1, limiter.take("a", 2));
        now = now.plus(Duration.ofMinutes(5));
        assertEquals(0, limiter.take("a", 2));
        now = now.plus(Duration.ofHours(100));
        assertEquals(1, limiter.take("a", 2));
    }

    @Test
    void survivesAClockThatGoesBack() {
        assertEquals(1, limiter.take("a", 2));
        now = now.minus(Duration.ofHours(1));
        assertEquals(0, limiter.take("a", 2));
        assertEquals(-1, limiter.take("a", 2));
    }

    @Test
    void knowsUnlimitedKeys() {
        for (var i = 0; i < 10; i++) {
            assertEquals(Integer.MAX_VALUE, limiter.take("a", 0));
            assertEquals(Integer.MAX_VALUE, limiter.take("a", -1));
        }
    }

    @Test
    void forgetsSomeKeysRatherThanGrow() {
        for (var i = 0; i < 120_000; i++) {
            assertTrue(limiter.take("key" + i, 10) >= 0);
        }
        assertTrue(limiter.size() <= 50_000);
    }
}
