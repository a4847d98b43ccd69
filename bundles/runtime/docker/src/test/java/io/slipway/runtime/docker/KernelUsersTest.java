package io.slipway.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.docker.KernelUsers.User;
import java.util.HashSet;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KernelUsersTest {

    @Test
    void everyKernelHasAUserOfItsOwn() {
        var users = new KernelUsers.Own(1_000_000, 1_000_000);
        var random = new Random(7);
        var seen = new HashSet<Integer>();
        for (var i = 0; i < 100; i++) {
            // as ids that grow with time: their first half hardly differs
            var kernel = new KernelId(new UUID(0x0190_0000_0000_7000L + i, random.nextLong()));
            var user = users.of(kernel);
            assertTrue(user.uid() >= 1_000_000 && user.uid() < 2_000_000, user.toString());
            assertEquals(user.uid(), user.gid());
            assertEquals(user, users.of(kernel));
            seen.add(user.uid());
        }
        assertEquals(100, seen.size());
    }

    @Test
    void nobodyIsRoot() {
        assertThrows(IllegalArgumentException.class, () -> new User(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new User(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new KernelUsers.Own(0, 10));
        assertThrows(IllegalArgumentException.class, () -> new KernelUsers.Own(Integer.MAX_VALUE, 10));
    }
}
