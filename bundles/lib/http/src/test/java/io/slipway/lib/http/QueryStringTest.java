package io.slipway.lib.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueryStringTest {

    @Test
    void readsPairs() {
        assertEquals(Optional.of(Map.of()), QueryString.parse(""));
        assertEquals(
                Optional.of(Map.of("a", List.of("1", "2"), "b c", List.of("d&e"), "f", List.of(""), "g", List.of(""))),
                QueryString.parse("a=1&a=2&b+c=d%26e&f&g=&&"));
        assertEquals(Optional.of(Map.of("a", List.of("b=c"))), QueryString.parse("a=b=c"));
        assertEquals(Optional.of(Map.of("ä", List.of("€"))), QueryString.parse("%C3%A4=%e2%82%ac"));
    }

    @Test
    void refusesMalformedEncodings() {
        for (var raw : List.of("a=%", "a=%1", "a=%zz", "%=1", "a=%ff", "a=%1", "a=%+1")) {
            assertEquals(Optional.empty(), QueryString.parse(raw), raw);
        }
    }
}
