package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.kernel.ExitReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndReasonTest {

    @ParameterizedTest
    @EnumSource
    void isReadAsItWasWritten(ExitReason reason) {
        var plain = new EndReason(reason);
        var detailed = new EndReason(reason, "agent a: it broke: badly");
        assertEquals(plain, EndReason.parse(plain.text()));
        assertEquals(detailed, EndReason.parse(detailed.text()));
    }

    @Test
    void otherWordsCountAsAWish() {
        assertEquals(ExitReason.USER_REQUESTED, EndReason.parse("scheduled").reason());
        assertEquals(ExitReason.USER_REQUESTED, EndReason.parse("").reason());
    }
}
