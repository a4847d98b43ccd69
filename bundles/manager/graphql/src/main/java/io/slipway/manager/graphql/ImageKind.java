package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.image.Image;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an image is there for, as its labels say. */
enum ImageKind {
    /** For users' sessions. */
    GENERAL,
    /** For sessions of the platform itself. */
    OPERATIONAL,
    /** Made of a session by its user. */
    CUSTOMIZED;

    private static final String FEATURES = "ai.backend.features";
    private static final String OWNER = "ai.backend.customized-image.owner";

    static ImageKind of(Image image) {
        if (image.labels().containsKey(OWNER)) {
            return CUSTOMIZED;
        }
        var features = image.labels().getOrDefault(FEATURES, "").split(" ", -1);
        return Arrays.asList(features).contains("operation") ? OPERATIONAL : GENERAL;
    }

    /** Returns the kinds that are asked for, all if none is named; the second argument is the older name of the first. */
    static Set<ImageKind> asked(DataFetchingEnvironment environment) {
        @Nullable List<@Nullable String> names = environment.getArgument("load_filters");
        @Nullable List<@Nullable String> older = environment.getArgument("image_filters");
        var chosen = names == null ? older : names;
        if (chosen == null) {
            return EnumSet.allOf(ImageKind.class);
        }
        var kinds = EnumSet.noneOf(ImageKind.class);
        for (var name : chosen) {
            kinds.add(kind(String.valueOf(name)));
        }
        return kinds;
    }

    private static ImageKind kind(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new SlipwayException(
                        FailureCode.BAD_REQUEST,
                        "images are general, operational or customized, none is '" + name + "'"));
    }
}
