package io.slipway.manager.graphql;

import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.store.QueryField;
import io.slipway.model.agent.AgentStatus;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fields of agents in filters and orders. */
enum AgentFields implements QueryField {
    ID(Kind.TEXT, view -> view.record().id().toString()),
    STATUS(Kind.CHOICE, view -> view.record().status().name()),
    SCALING_GROUP(Kind.TEXT, view -> view.record().resourceGroup()),
    SCHEDULABLE(Kind.FLAG, view -> view.record().isSchedulable()),
    ARCHITECTURE(Kind.TEXT, view -> view.record().architecture()),
    ADDR(Kind.TEXT, view -> view.record().address()),
    VERSION(Kind.TEXT, view -> view.record().version()),
    FIRST_CONTACT(Kind.TIME, view -> view.record().firstContact()),
    LOST_AT(Kind.TIME, view -> view.record().lostAt());

    /** For filters and orders. */
    static final Map<String, AgentFields> ALL = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(field -> field.name().toLowerCase(Locale.ROOT), Function.identity()));

    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // each is a reference to an accessor
    private final Function<AgentView, @Nullable Comparable<?>> value;

    AgentFields(Kind kind, Function<AgentView, @Nullable Comparable<?>> value) {
        this.kind = kind;
        this.value = value;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public Set<String> choices() {
        return this == STATUS
                ? Arrays.stream(AgentStatus.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /** Returns its values in an agent. */
    List<?> of(AgentView view) {
        return Stream.ofNullable(value.apply(view)).toList();
    }

    /** Returns an order by it; what is null comes after all others. */
    @SuppressWarnings("unchecked") // values of one field can be compared with each other
    Comparator<AgentView> order(boolean isDescending) {
        Comparator<Comparable<Object>> values = Comparator.nullsLast(Comparator.naturalOrder());
        Comparator<AgentView> order = (one, other) ->
                values.compare((Comparable<Object>) value.apply(one), (Comparable<Object>) value.apply(other));
        return isDescending ? order.reversed() : order;
    }
}
