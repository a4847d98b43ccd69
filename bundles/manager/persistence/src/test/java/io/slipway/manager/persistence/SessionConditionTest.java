package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.Condition;
import io.slipway.manager.store.Condition.Comparison;
import io.slipway.manager.store.ConditionCheck;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.QueryField.Kind;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionQuery.Field;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Conditions mean in the database what they mean in memory. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class SessionConditionTest {

    private static final List<Field> FIELDS = List.of(Field.values());
    private static final List<String> NAMES =
            List.of("alpha", "Beta", "be%ta", "be_ta", "be!ta", "x' OR '1'='1", "zeta\\");

    private final Tenant tenant;
    private final SessionRecord stranger;
    private final List<SessionRecord> all = new ArrayList<>();

    SessionConditionTest(DatabaseKind kind) {
        this.tenant = Tenant.create(kind.shared());
        this.stranger = Tenant.create(kind.shared()).admit();
        for (var name : NAMES) {
            var type = all.size() % 3 == 0 ? SessionType.BATCH : SessionType.INTERACTIVE;
            all.add(tenant.admit(marked(tenant.newSession(name, 1 + all.size() % 2, type), all.size())));
        }
        all.add(tenant.running());
        all.add(tenant.moved(tenant.running(), KernelStatus.TERMINATED));
        all.replaceAll(session -> tenant.find(session.id()));
    }

    /** Every third session has no tag, every second no start. */
    private static NewSession marked(NewSession plain, int number) {
        var details = plain.details();
        return new NewSession(
                plain.id(),
                plain.name(),
                plain.owner(),
                plain.userId(),
                plain.domain(),
                plain.projectId(),
                plain.resourceGroup(),
                new SessionDetails(
                        details.type(),
                        details.priority(),
                        number % 2 == 0 ? ClusterMode.SINGLE_NODE : ClusterMode.MULTI_NODE,
                        number % 3 == 0 ? null : "tag '%_" + number,
                        details.environment(),
                        details.resourceOpts(),
                        details.agents(),
                        details.startupCommand(),
                        details.callbackUrl(),
                        details.bootstrapScript(),
                        details.timeoutSeconds(),
                        number % 2 == 0
                                ? null
                                : Instant.parse("2026-01-01T00:00:30Z").plusSeconds(number),
                        details.dependencies()),
                plain.kernels(),
                plain.createdAt());
    }

    private List<SessionRecord> listed(Optional<Condition<Field>> filter) {
        return page(filter, List.of(), Optional.empty(), 100);
    }

    private List<SessionRecord> page(
            Optional<Condition<Field>> filter, List<SessionQuery.Order> order, Optional<SessionId> after, int limit) {
        var query = new SessionQuery(
                Optional.of(tenant.owner.value()),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                filter,
                order,
                after,
                0,
                limit);
        return tenant.sessions.list(query).items();
    }

    private static Collection<?> values(SessionRecord session, Field field) {
        return switch (field) {
            case ID -> List.of(session.id().value());
            case CREATED_AT -> List.of(session.createdAt());
            case NAME -> List.of(session.name());
            case STATUS -> List.of(session.status().wireName());
            case PRIORITY -> List.of((long) session.details().priority());
            case STATUS_INFO -> List.of(session.statusInfo());
            case STATUS_CHANGED -> List.of(session.statusChangedAt());
            case RESULT -> List.of(session.result().name());
            case ACCESS_KEY -> List.of(session.owner().value());
            case USER_ID -> List.of(session.userId());
            case USER_EMAIL -> List.of(session.userEmail());
            case FULL_NAME -> List.of(""); // of every tenant's user
            case DOMAIN_NAME -> List.of(session.domain());
            case GROUP_ID -> List.of(session.projectId());
            case GROUP_NAME -> List.of(session.projectName());
            case SCALING_GROUP -> List.of(session.resourceGroup());
            case IMAGE ->
                session.kernels().stream()
                        .map(kernel -> kernel.image().canonical())
                        .toList();
            case AGENT_ID ->
                session.kernels().stream()
                        .map(kernel -> kernel.agent())
                        .filter(Objects::nonNull)
                        .map(Object::toString)
                        .toList();
            case NUM_QUERIES -> List.of(session.numQueries());
            case TYPE -> List.of(session.details().type().name());
            case TAG -> Stream.ofNullable(session.details().tag()).toList();
            case CLUSTER_MODE -> List.of(session.details().clusterMode().name());
            case CLUSTER_SIZE -> List.of((long) session.kernels().size());
            case STARTS_AT -> Stream.ofNullable(session.details().startsAt()).toList();
            case SCHEDULED_AT -> Stream.ofNullable(session.scheduledAt()).toList();
            case TERMINATED_AT -> Stream.ofNullable(session.terminatedAt()).toList();
        };
    }

    @Test
    void meansTheSameInTheDatabaseAndInMemory() {
        var matches = 0;
        for (var seed = 0; seed < 300; seed++) {
            var condition = random(new SplittableRandom(seed), 3);
            var expected = all.stream()
                    .filter(session -> ConditionCheck.holds(condition, field -> values(session, field)))
                    .map(SessionRecord::id)
                    .collect(Collectors.toSet());
            var found = listed(Optional.of(condition)).stream()
                    .map(SessionRecord::id)
                    .collect(Collectors.toSet());
            assertEquals(expected, found, "seed " + seed + ": " + condition);
            matches += expected.isEmpty() || expected.size() == all.size() ? 0 : 1;
        }
        assertTrue(matches > 60, matches + " conditions held for some");
    }

    private Condition<Field> random(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0 -> test(random);
            case 1 -> new Condition.IsNull<>(field(random));
            case 2 -> {
                var field = field(random);
                yield new Condition.In<>(field, List.of(value(field, random), value(field, random)));
            }
            case 3 -> new Condition.Not<>(random(random, depth - 1));
            case 4 -> new Condition.All<>(List.of(random(random, depth - 1), random(random, depth - 1)));
            default -> new Condition.Any<>(List.of(random(random, depth - 1), random(random, depth - 1)));
        };
    }

    private static Field field(SplittableRandom random) {
        return FIELDS.get(random.nextInt(FIELDS.size()));
    }

    private Condition<Field> test(SplittableRandom random) {
        var field = field(random);
        var value = value(field, random);
        var ordered =
                List.of(Comparison.EQUAL, Comparison.GREATER, Comparison.AT_LEAST, Comparison.LESS, Comparison.AT_MOST);
        return switch (field.kind()) {
            case TEXT -> text(field, (String) value, random);
            case WHOLE, TIME -> new Condition.Test<>(field, ordered.get(random.nextInt(ordered.size())), value);
            case ID, FLAG, CHOICE -> new Condition.Test<>(field, Comparison.EQUAL, value);
        };
    }

    /** Larger and smaller are left out: a database orders texts by its own rules. */
    private static Condition<Field> text(Field field, String value, SplittableRandom random) {
        var part = value.isEmpty() ? "" : value.substring(random.nextInt(value.length()));
        return switch (random.nextInt(4)) {
            case 0 -> new Condition.Test<>(field, Comparison.EQUAL, value);
            case 1 -> new Condition.Test<>(field, Comparison.CONTAINS, part);
            case 2 -> new Condition.Test<>(field, Comparison.LIKE, "%" + part);
            default ->
                new Condition.Test<>(field, Comparison.ILIKE, "_%" + part.toUpperCase(java.util.Locale.ROOT) + "%");
        };
    }

    /** Mostly a value that some session has. */
    private Object value(Field field, SplittableRandom random) {
        var present = List.copyOf(values(all.get(random.nextInt(all.size())), field));
        if (!present.isEmpty()) {
            return present.getFirst();
        }
        return field.kind() == Kind.TIME ? Instant.parse("2026-01-01T00:00:30Z") : "nothing";
    }

    @Test
    void putsNullAtOneEndOfAnOrder() {
        var byTag = page(Optional.empty(), List.of(new SessionQuery.Order(Field.TAG, false)), Optional.empty(), 100);
        var tags = byTag.stream().map(session -> session.details().tag()).toList();
        var none = (int) tags.stream().filter(Objects::isNull).count();
        assertTrue(none > 0 && tags.subList(0, none).stream().allMatch(Objects::isNull), tags::toString);
        var byEnd = page(
                Optional.empty(), List.of(new SessionQuery.Order(Field.TERMINATED_AT, false)), Optional.empty(), 100);
        assertTrue(byEnd.getFirst().terminatedAt() != null && byEnd.getLast().terminatedAt() == null);
    }

    @Test
    void takesValuesForValues() {
        for (var name : NAMES) {
            var equal = new Condition.Test<>(Field.NAME, Comparison.EQUAL, name);
            assertEquals(List.of(name), names(listed(Optional.of(equal))));
        }
        assertEquals(
                List.of("be%ta"),
                names(listed(Optional.of(new Condition.Test<>(Field.NAME, Comparison.LIKE, "be\\%t_")))));
        assertEquals(
                List.of("zeta\\"),
                names(listed(Optional.of(new Condition.Test<>(Field.NAME, Comparison.LIKE, "zeta\\")))));
    }

    private static List<String> names(List<SessionRecord> sessions) {
        return sessions.stream().map(SessionRecord::name).toList();
    }

    @Test
    void pagesAfterASessionInEveryOrder() {
        var orders = new ArrayList<List<SessionQuery.Order>>();
        orders.add(List.of());
        orders.add(List.of(new SessionQuery.Order(Field.PRIORITY, true), new SessionQuery.Order(Field.NAME, false)));
        for (var field : FIELDS) {
            if (field.isOrdering()) {
                orders.add(List.of(new SessionQuery.Order(field, false)));
                orders.add(List.of(
                        new SessionQuery.Order(field, true), new SessionQuery.Order(Field.CLUSTER_SIZE, false)));
            }
        }
        for (var order : orders) {
            var whole = page(Optional.empty(), order, Optional.empty(), 100);
            assertEquals(all.size(), whole.size());
            var paged = new ArrayList<SessionRecord>();
            var after = Optional.<SessionId>empty();
            while (true) {
                var page = page(Optional.empty(), order, after, 2);
                if (page.isEmpty()) {
                    break;
                }
                paged.addAll(page);
                after = Optional.of(page.getLast().id());
            }
            assertEquals(whole, paged);
        }
        assertEquals(
                all.stream().map(SessionRecord::createdAt).max(Comparator.naturalOrder()),
                page(Optional.empty(), List.of(), Optional.empty(), 1).stream()
                        .map(SessionRecord::createdAt)
                        .findFirst());
        Function<UUID, List<SessionRecord>> afterNobody =
                id -> page(Optional.empty(), List.of(), Optional.of(new SessionId(id)), 1);
        assertEquals(
                FailureCode.BAD_REQUEST,
                assertThrows(SlipwayException.class, () -> afterNobody.apply(UUID.randomUUID()))
                        .code());
        assertEquals(
                FailureCode.BAD_REQUEST,
                assertThrows(
                                SlipwayException.class,
                                () -> afterNobody.apply(stranger.id().value()))
                        .code(),
                "the place of another owner's session would tell about it");
    }
}
