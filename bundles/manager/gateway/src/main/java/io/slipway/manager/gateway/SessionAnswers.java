package io.slipway.manager.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.agent.api.KernelUse;
import io.slipway.manager.api.CreatedSession;
import io.slipway.manager.api.KernelMetrics;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.slot.SlotAmounts;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions in the words of the wire. */
final class SessionAnswers {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);
    private static final String NONE = "{}";

    private SessionAnswers() {}

    /** Answer to a creation. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Created(
            String sessionId,
            String sessionName,
            String status,
            List<?> servicePorts,
            boolean created,
            @JsonProperty("service_ports") @Nullable List<StoredPort> legacyServicePorts) {}

    /** A port of a session that has just started. */
    record OpenPort(String name, String protocol, List<Integer> ports) {}

    /** A port as it is stored. */
    record StoredPort(
            String name,
            String protocol,
            @JsonProperty("container_ports") List<Integer> containerPorts,
            @JsonProperty("host_ports") List<Integer> hostPorts,
            @JsonProperty("is_inference") boolean isInference) {}

    /** All about a session; maps are texts that hold JSON, where clients expect texts. The age is left out while it is 0. */
    record SessionInfo(
            String domainName,
            String groupId,
            String userId,
            String lang,
            String image,
            String architecture,
            String registry,
            @Nullable String tag,
            String containerId,
            String occupiedSlots,
            String occupyingSlots,
            String requestedSlots,
            Map<String, Object> occupiedShares,
            String environ,
            String resourceOpts,
            String status,
            String statusInfo,
            Map<String, Object> statusData,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long age,
            String creationTime,
            @Nullable String terminationTime,
            long numQueriesExecuted,
            Map<String, ?> lastStat,
            Map<String, Object> idleChecks) {}

    /** One session that answers to a name. */
    record Match(String id, String name, String status) {}

    static Created created(CreatedSession creation, String status) {
        var session = creation.session();
        if (creation.isNew()) {
            var ports = status.equals(SessionStatus.RUNNING.name()) ? openPorts(session) : List.of();
            return new Created(session.id().toString(), session.name(), status, ports, true, null);
        }
        var stored = session.mainKernel().servicePorts().stream()
                .map(port -> new StoredPort(port.name(), port.protocol(), port.containerPorts(), List.of(), false))
                .toList();
        return new Created(session.id().toString(), session.name(), status, stored, false, stored);
    }

    static List<OpenPort> openPorts(SessionRecord session) {
        return session.mainKernel().servicePorts().stream()
                .map(SessionAnswers::openPort)
                .toList();
    }

    private static OpenPort openPort(ServicePort port) {
        return new OpenPort(port.name(), port.protocol(), port.containerPorts());
    }

    /** Returns all about a session but its age, which {@link SessionTexts} adds. */
    static SessionInfo info(SessionRecord session, @Nullable KernelUse use) {
        var kernel = session.mainKernel();
        var image = kernel.image();
        var occupied = slots(session.occupiedSlots());
        var terminatedAt = session.terminatedAt();
        return new SessionInfo(
                session.domain(),
                session.projectId().toString(),
                session.userId().toString(),
                image.canonical(),
                image.canonical(),
                image.architecture(),
                image.registry(),
                session.details().tag(),
                kernel.containerId(),
                occupied,
                occupied,
                slots(session.requestedSlots()),
                Map.of(),
                texts(session.details().environment()),
                texts(session.details().resourceOpts()),
                session.status().wireName(),
                session.statusInfo(),
                Map.of(),
                0,
                time(session.createdAt()),
                terminatedAt == null ? null : time(terminatedAt),
                session.numQueries(),
                use == null ? Map.of() : KernelMetrics.of(use),
                Map.of());
    }

    static Match match(SessionRecord session) {
        return new Match(
                session.id().toString(), session.name(), session.status().wireName());
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String slots(SlotAmounts amounts) {
        if (amounts.isEmpty()) {
            return NONE;
        }
        var texts = new LinkedHashMap<String, String>();
        amounts.amounts().forEach((slot, amount) -> texts.put(slot.value(), amount.toPlainString()));
        return Json.text(texts);
    }

    private static String texts(Map<String, String> map) {
        return map.isEmpty() ? NONE : Json.text(map);
    }
}
