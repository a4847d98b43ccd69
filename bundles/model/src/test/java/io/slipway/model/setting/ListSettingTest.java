package io.slipway.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ListSettingTest {

    @Test
    void oneTextWithCommasMeansTheSameAsSeveralTexts() {
        assertEquals(List.of("a=1", "b=2"), ListSetting.values("a=1, b=2"));
        assertEquals(List.of("a=1", "b=2"), ListSetting.values("a=1", "b=2"));
    }

    @Test
    void emptyValuesAreLeftOut() {
        assertEquals(List.of(), ListSetting.values());
        assertEquals(List.of("a"), ListSetting.values("", " ,a,, "));
    }
}
