package io.slipway.manager.persistence.row;

import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.NewKernel;
import io.slipway.model.agent.AgentId;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A kernel. Changed only while its session's row is locked. */
@Entity
@Table(name = "kernels")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class KernelRow {

    /** All columns, in the order of {@link #read} and {@link #INSERT}. */
    public static final String COLUMNS =
            "id, session_id, place, image, architecture, cluster_role, cluster_index, request, agent_id, live_agent,"
                    + " container_id, service_ports, status, status_info, status_changed_at, exit_reason, exit_code,"
                    + " exit_detail, created_at, terminated_at";

    /** Adds a row; see {@link #insert}. */
    public static final String INSERT =
            "INSERT INTO kernels (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Changes what a move changes, if nobody else has moved it; see {@link #update}. */
    public static final String UPDATE =
            "UPDATE kernels SET agent_id = ?, live_agent = ?, container_id = ?, service_ports = ?, status = ?,"
                    + " status_info = ?, status_changed_at = ?, exit_reason = ?, exit_code = ?, exit_detail = ?,"
                    + " terminated_at = ? WHERE id = ? AND status = ?";

    private static final String NOTHING = "[]";

    @Id
    private UUID id;

    @Column(name = "session_id")
    private UUID sessionId;

    private int place;
    private String image;
    private String architecture;

    @Column(name = "cluster_role")
    private String clusterRole;

    @Column(name = "cluster_index")
    private int clusterIndex;

    private String request;

    @Column(name = "agent_id")
    private @Nullable String agent;

    @Column(name = "live_agent")
    private @Nullable String liveAgent;

    @Column(name = "container_id")
    private String containerId;

    @Column(name = "service_ports")
    private String servicePorts;

    @Enumerated(EnumType.STRING)
    private KernelStatus status;

    @Column(name = "status_info")
    private String statusInfo;

    @Column(name = "status_changed_at")
    private long statusChangedAt;

    @Enumerated(EnumType.STRING)
    @Column(name = "exit_reason")
    private @Nullable ExitReason exitReason;

    @Column(name = "exit_code")
    private @Nullable Integer exitCode;

    @Column(name = "exit_detail")
    private @Nullable String exitDetail;

    @Column(name = "created_at")
    private long createdAt;

    @Column(name = "terminated_at")
    private @Nullable Long terminatedAt;

    // what request and image say, once it was asked for
    private transient @Nullable SlotAmounts readRequest;
    private transient @Nullable ImageRef readImage;

    /** For the persistence provider. */
    protected KernelRow() {}

    /** Returns the row that a result stands at. */
    public static KernelRow read(ResultSet result) throws SQLException {
        var columns = new Columns(result);
        var row = new KernelRow();
        row.id = columns.uuid();
        row.sessionId = columns.uuid();
        row.place = columns.integer();
        row.image = columns.text();
        row.architecture = columns.text();
        row.clusterRole = columns.text();
        row.clusterIndex = columns.integer();
        row.request = columns.text();
        row.agent = columns.textOrNull();
        row.liveAgent = columns.textOrNull();
        row.containerId = columns.text();
        row.servicePorts = columns.text();
        row.status = columns.constant(KernelStatus.class);
        row.statusInfo = columns.text();
        row.statusChangedAt = columns.number();
        row.exitReason = columns.constantOrNull(ExitReason.class);
        row.exitCode = columns.integerOrNull();
        row.exitDetail = columns.textOrNull();
        row.createdAt = columns.number();
        row.terminatedAt = columns.numberOrNull();
        return row;
    }

    /** Adds itself to a batch of {@link #INSERT}. */
    public void insert(PreparedStatement batch) throws SQLException {
        var parameters = new Parameters(batch)
                .uuid(id)
                .uuid(sessionId)
                .integer(place)
                .text(image)
                .text(architecture)
                .text(clusterRole)
                .integer(clusterIndex)
                .text(request);
        setChanging(parameters).number(createdAt).number(terminatedAt);
        batch.addBatch();
    }

    /**
     * Adds its change to a batch of {@link #UPDATE}.
     *
     * @param before the state that it was in when it was read
     */
    public void update(PreparedStatement batch, KernelStatus before) throws SQLException {
        setChanging(new Parameters(batch)).number(terminatedAt).uuid(id).constant(before);
        batch.addBatch();
    }

    /** Sets what changes in a kernel's life, which stands in the same order in both statements. */
    private Parameters setChanging(Parameters parameters) throws SQLException {
        return parameters
                .text(agent)
                .text(liveAgent)
                .text(containerId)
                .text(servicePorts)
                .constant(status)
                .text(statusInfo)
                .number(statusChangedAt)
                .constant(exitReason)
                .integer(exitCode)
                .text(exitDetail);
    }

    /** Makes the row of a kernel of an admitted session: PENDING. */
    public KernelRow(SessionId session, int place, NewKernel kernel, Instant createdAt) {
        id = kernel.id().value();
        sessionId = session.value();
        this.place = place;
        image = kernel.image().canonical();
        architecture = kernel.image().architecture();
        clusterRole = kernel.clusterRole();
        clusterIndex = kernel.clusterIndex();
        request = JsonText.of(kernel.request());
        containerId = "";
        servicePorts = NOTHING;
        status = KernelStatus.PENDING;
        statusInfo = "";
        this.createdAt = Micros.of(createdAt);
        statusChangedAt = this.createdAt;
    }

    /** Goes to another state, with all that depends on it. */
    public void moveTo(KernelStatus to, String reason, Instant at) {
        status = to;
        statusInfo = StoredText.reason(reason);
        statusChangedAt = Micros.of(at);
        if (to == KernelStatus.PENDING) {
            agent = null;
            liveAgent = null;
            containerId = "";
            servicePorts = NOTHING;
        }
        if (to.isTerminal()) {
            liveAgent = null;
            terminatedAt = statusChangedAt;
        }
    }

    /** Binds it to an agent. */
    public void placeOn(AgentId chosen) {
        agent = chosen.value();
        liveAgent = agent;
    }

    /** Stores what is known when it runs. */
    public void started(KernelMove.Started facts) {
        containerId = StoredText.clean(facts.containerId());
        servicePorts = JsonText.of(facts.servicePorts());
    }

    /** Stores how it ended. */
    public void ended(KernelExit exit) {
        exitReason = exit.reason();
        exitCode = exit.exitCode();
        exitDetail = StoredText.reason(exit.detail());
    }

    /** Returns the id. */
    public UUID id() {
        return id;
    }

    /** Returns its session. */
    public UUID sessionId() {
        return sessionId;
    }

    /** Returns its position in the session; 0 is the main kernel. */
    public int place() {
        return place;
    }

    /** Returns its state. */
    public KernelStatus status() {
        return status;
    }

    /** Returns the agent that it is or was bound to, or null. */
    public @Nullable String agent() {
        return agent;
    }

    /** Returns what it asked for. */
    public SlotAmounts request() {
        var known = readRequest;
        if (known == null) {
            known = JsonText.slotAmounts(request);
            readRequest = known;
        }
        return known;
    }

    private ImageRef image() {
        var known = readImage;
        if (known == null) {
            known = ImageRef.parse(image, architecture);
            readImage = known;
        }
        return known;
    }

    /** Returns how it ended, or null. */
    public @Nullable KernelExit exit() {
        return exitReason == null ? null : new KernelExit(exitReason, exitCode, exitDetail == null ? "" : exitDetail);
    }

    /** Returns the value for the ports. */
    public KernelRecord toRecord(SlotAmounts occupied) {
        return new KernelRecord(
                new KernelId(id),
                new SessionId(sessionId),
                image(),
                clusterRole,
                clusterIndex,
                request(),
                occupied,
                agent == null ? null : new AgentId(agent),
                containerId,
                servicePorts.equals(NOTHING) ? List.of() : JsonText.servicePorts(servicePorts),
                status,
                statusInfo,
                Micros.instant(statusChangedAt),
                exit(),
                Micros.instant(createdAt),
                Micros.instantOrNull(terminatedAt));
    }
}
