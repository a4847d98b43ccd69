package io.slipway.manager.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.failure.SlipwayException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateOptionsTest {

    private final SessionCreateCommand command = new SessionCreateCommand();
    private final LateOptions options = new LateOptions(command);

    @Test
    void optionsBehindTheImageCountLikeThoseBeforeIt() {
        command.resources = List.of("cpu=1");

        options.take(List.of("-n", "later", "-r", "mem=1g", "--no-wait", "--json", "--max-wait", "5", "-p", "lab"));

        assertEquals("later", command.name);
        assertEquals(List.of("cpu=1", "mem=1g"), command.resources);
        assertEquals("lab", command.project);
        assertEquals(5, command.maxWaitSeconds);
        assertTrue(command.isNoWait && command.isJson);
    }

    @Test
    void refusesWhatIsNoOptionAndWhatLacksItsValue() {
        assertThrows(SlipwayException.class, () -> options.take(List.of("second-image")));
        assertThrows(SlipwayException.class, () -> options.take(List.of("--name")));
        assertThrows(SlipwayException.class, () -> options.take(List.of("--max-wait", "long")));
    }
}
