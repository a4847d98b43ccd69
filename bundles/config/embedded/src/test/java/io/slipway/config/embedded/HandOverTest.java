package io.slipway.config.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.config.spi.ConfigStoreException;
import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.PromotionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of the store beside each other, of which one has the file. */
class HandOverTest {

    @TempDir
    private Path folder;

    private EmbeddedConfigStore old;
    private EmbeddedConfigStore young;

    @BeforeEach
    void startBoth() throws Exception {
        old = new EmbeddedConfigStore(StoreFile.in(folder), System::nanoTime);
        young = new EmbeddedConfigStore(StoreFile.in(folder), System::nanoTime);
        old.promote(Optional.empty());
    }

    @AfterEach
    void stop() {
        old.stop();
        young.stop();
    }

    @Test
    void movesKeysLeasesAndTokensThereAndBack() throws Exception {
        old.put(Map.of("a", "1"));
        var token = old.acquire("leader", "me and nobody else", Duration.ofMinutes(5))
                .orElseThrow();

        young.promote(old.demote());
        assertEquals(Optional.of("1"), young.get("a"));
        assertEquals(Optional.empty(), young.acquire("leader", "another", Duration.ofMinutes(5)));
        assertEquals(Optional.of(token), young.acquire("leader", "me and nobody else", Duration.ofMinutes(5)));
        young.put(Map.of("a", "2"));

        old.promote(young.demote());
        assertEquals(Optional.of("2"), old.get("a"));
        assertEquals(Optional.empty(), old.acquire("leader", "another", Duration.ofMinutes(5)));
        old.release("leader", "me and nobody else");
        assertTrue(old.acquire("leader", "another", Duration.ofMinutes(5)).orElseThrow() > token);
    }

    /** As an owner is that broke off as it let go. */
    @Test
    void knowsItsLeasesIfItIsPromotedOnceMore() throws Exception {
        var token = old.acquire("leader", "me", Duration.ofMinutes(5)).orElseThrow();
        old.promote(Optional.empty());
        assertEquals(Optional.empty(), old.acquire("leader", "another", Duration.ofMinutes(5)));
        assertEquals(Optional.of(token), old.acquire("leader", "me", Duration.ofMinutes(5)));
    }

    @Test
    void tellsWatchesAllBeforeItLetsGo() throws Exception {
        var told = new ArrayList<String>();
        old.watch("", (key, value) -> told.add(key + "=" + value));
        var expected = new ArrayList<String>();
        for (var change = 0; change < 200; change++) {
            old.put(Map.of("k", Integer.toString(change)));
            expected.add("k=" + change);
        }
        old.demote();
        assertEquals(expected, told);
    }

    @Test
    void servesNobodyWhileItIsAStandby() throws Exception {
        assertThrows(ConfigStoreException.class, () -> young.get("a"));
        assertThrows(ConfigStoreException.class, () -> young.put(Map.of("a", "1")));
        old.demote();
        assertThrows(ConfigStoreException.class, () -> old.list(""));
    }

    @Test
    void cannotTakeAFileThatTheOtherHas() throws Exception {
        old.put(Map.of("a", "1"));
        var failure = assertThrows(PromotionException.class, () -> young.promote(Optional.empty()));
        assertTrue(failure.getMessage().contains("config.mv"), failure::getMessage);
        assertEquals(Optional.of("1"), old.get("a"));
        assertEquals(List.of("1 keys in their file", "0 leases"), old.stateToMove());
    }

    @Test
    void findsThatItsFileCannotBeRead() throws Exception {
        assertEquals(List.of(), young.selfCheck(), "it has no file yet");
        assertEquals(List.of(), old.selfCheck());
        assertThrows(ConfigStoreException.class, young::start);
        var found = young.selfCheck();
        assertTrue(found.getFirst().contains("config.mv"), found::toString);
    }

    @Test
    void letsTheFileGoWhenWhatIsHandedOverCannotBeRead() throws Exception {
        old.put(Map.of("a", "1"));
        var state = old.demote();
        for (var text : List.of("1 2", "one 2 me")) {
            var malformed = Optional.of(new HandedState(1, Map.of("leader", text)));
            assertThrows(PromotionException.class, () -> young.promote(malformed));
        }
        old.promote(state);
        assertEquals(Optional.of("1"), old.get("a"));
    }

    @Test
    void refusesStateThatItDoesNotKnow() {
        old.demote();
        var state = Optional.of(new HandedState(2, Map.of()));
        assertThrows(PromotionException.class, () -> young.promote(state));
    }
}
