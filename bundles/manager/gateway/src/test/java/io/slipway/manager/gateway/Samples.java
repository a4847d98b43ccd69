package io.slipway.manager.gateway;

import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.identity.Principal;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Records to test with. */
final class Samples {

    static final Instant CREATED_AT = Instant.parse("2026-01-02T03:04:05.678901Z");

    static final AgentId AGENT = new AgentId("i-one");

    private static final SlotAmounts SLOTS =
            SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.ONE, SlotName.MEM, BigDecimal.valueOf(1_073_741_824)));

    private Samples() {}

    static ProjectRecord project() {
        return new ProjectRecord(Fakes.PROJECT, "default", "default", true, SlotAmounts.NONE);
    }

    static SessionRecord session(Principal owner, UUID id, String name, SessionStatus status) {
        var details = new SessionDetails(
                SessionType.INTERACTIVE,
                10,
                ClusterMode.SINGLE_NODE,
                "mark",
                Map.of("A", "1"),
                Map.of("shmem", "64m"),
                List.of(),
                null,
                null,
                null,
                0,
                null,
                List.of());
        var session = new SessionId(id);
        return new SessionRecord(
                session,
                name,
                owner.accessKey(),
                owner.userId(),
                owner.email(),
                owner.domain(),
                Fakes.PROJECT,
                "default",
                "default",
                details,
                status,
                "",
                CREATED_AT,
                SessionResult.UNDEFINED,
                3,
                CREATED_AT,
                null,
                status.isTerminal() ? CREATED_AT.plusSeconds(9) : null,
                List.of(kernel(session, status)));
    }

    private static KernelRecord kernel(SessionId session, SessionStatus status) {
        return new KernelRecord(
                new KernelId(session.value()),
                session,
                ImageRef.parse("local/python:3", "x86_64"),
                "main",
                1,
                SLOTS,
                status == SessionStatus.RUNNING ? SLOTS : SlotAmounts.NONE,
                AGENT,
                "container-1",
                List.of(new ServicePort("ttyd", "http", List.of(7681))),
                KernelStatus.valueOf(status.name()),
                "",
                CREATED_AT,
                null,
                CREATED_AT,
                null);
    }
}
