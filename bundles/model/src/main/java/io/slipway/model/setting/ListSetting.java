package io.slipway.model.setting;

import java.util.Arrays;
import java.util.List;

/**
 * A setting with several values, such as {@code trustedProxies}.
 *
 * <p>A {@code .cfg} file hands over one text with commas, a configuration made by code hands over one text for each value;
 * both mean the same. A value therefore cannot contain a comma.
 */
public final class ListSetting {

    private ListSetting() {}

    /**
     * Returns the single values of a setting.
     *
     * @param configured the texts as the component runtime hands them over, each with any number of values
     * @return the values in their order, without blanks around them and without empty ones; unmodifiable
     */
    public static List<String> values(String... configured) {
        return Arrays.stream(configured)
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
