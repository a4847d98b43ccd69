package io.slipway.manager.session;

import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sessions as they could be stored. */
final class Samples {

    static final AgentId AGENT = new AgentId("i-one");
    static final ImageRef IMAGE = ImageRef.parse("local/python:3", "x86_64");
    static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    private Samples() {}

    /** Returns a session whose kernels are in these states. */
    static SessionRecord session(SessionStatus status, KernelStatus... kernels) {
        var id = new SessionId(new UUID(1, 2));
        var list = new ArrayList<KernelRecord>();
        for (int i = 0; i < kernels.length; i++) {
            list.add(kernel(id, i, kernels[i], ""));
        }
        return session(id, status, "", list);
    }

    static SessionRecord session(SessionId id, SessionStatus status, String info, List<KernelRecord> kernels) {
        var details = new SessionDetails(
                SessionType.INTERACTIVE,
                10,
                ClusterMode.SINGLE_NODE,
                null,
                Map.of("A", "1"),
                Map.of(),
                List.of(),
                null,
                null,
                null,
                0,
                null,
                List.of());
        return new SessionRecord(
                id,
                "sample",
                new AccessKey("AKIASAMPLE"),
                new UUID(3, 4),
                "user@example.org",
                "default",
                new UUID(5, 6),
                "default",
                "default",
                details,
                status,
                info,
                THEN,
                SessionResult.UNDEFINED,
                0,
                THEN,
                null,
                null,
                kernels);
    }

    static KernelRecord kernel(SessionId session, int index, KernelStatus status, String info) {
        var isPlaced = status != KernelStatus.PENDING && status != KernelStatus.CANCELLED;
        return new KernelRecord(
                new KernelId(new UUID(7, index)),
                session,
                IMAGE,
                index == 0 ? "main" : "sub",
                Math.max(1, index),
                slots(1),
                status.holdsSlots() ? slots(1) : SlotAmounts.NONE,
                isPlaced ? AGENT : null,
                "",
                List.of(),
                status,
                info,
                THEN,
                null,
                THEN,
                null);
    }

    static SlotAmounts slots(int cpu) {
        return SlotAmounts.of(SlotName.CPU, BigDecimal.valueOf(cpu));
    }
}
