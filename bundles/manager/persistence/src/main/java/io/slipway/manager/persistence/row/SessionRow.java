package io.slipway.manager.persistence.row;

import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
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

/** A session. Its row is the lock of everything that belongs to it. */
@Entity
@Table(name = "sessions")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class SessionRow {

    /** All columns, in the order of {@link #read} and {@link #INSERT}. */
    public static final String COLUMNS = "id, name, live_name, owner_key, user_id, domain, project_id, resource_group,"
            + " pending_group, priority, session_type, tag, cluster_mode, cluster_size, starts_at, details, status,"
            + " status_info, status_changed_at, result, num_queries, created_at, scheduled_at, terminated_at";

    /** Adds a row; see {@link #insert}. */
    public static final String INSERT = "INSERT INTO sessions (" + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Changes what a move changes, if nobody else has moved it; see {@link #update}. */
    public static final String UPDATE =
            "UPDATE sessions SET live_name = ?, pending_group = ?, status = ?, status_info = ?,"
                    + " status_changed_at = ?, result = ?, scheduled_at = ?, terminated_at = ?"
                    + " WHERE id = ? AND status = ? AND status_changed_at = ?";

    @Id
    private UUID id;

    private String name;

    @Column(name = "live_name")
    private @Nullable String liveName;

    @Column(name = "owner_key")
    private String owner;

    @Column(name = "user_id")
    private UUID userId;

    private String domain;

    @Column(name = "project_id")
    private UUID projectId;

    @Column(name = "resource_group")
    private String resourceGroup;

    @Column(name = "pending_group")
    private @Nullable String pendingGroup;

    private int priority;

    @Enumerated(EnumType.STRING)
    @Column(name = "session_type")
    private SessionType type;

    private @Nullable String tag;

    @Enumerated(EnumType.STRING)
    @Column(name = "cluster_mode")
    private ClusterMode clusterMode;

    @Column(name = "cluster_size")
    private int clusterSize;

    @Column(name = "starts_at")
    private @Nullable Long startsAt;

    private String details;

    @Enumerated(EnumType.STRING)
    private SessionStatus status;

    @Column(name = "status_info")
    private String statusInfo;

    @Column(name = "status_changed_at")
    private long statusChangedAt;

    @Enumerated(EnumType.STRING)
    private SessionResult result;

    @Column(name = "num_queries")
    private long numQueries;

    @Column(name = "created_at")
    private long createdAt;

    @Column(name = "scheduled_at")
    private @Nullable Long scheduledAt;

    @Column(name = "terminated_at")
    private @Nullable Long terminatedAt;

    // what details say, once it was asked for
    private transient @Nullable SessionDetails readDetails;

    /** For the persistence provider. */
    protected SessionRow() {}

    /** Returns the row that a result stands at. */
    public static SessionRow read(ResultSet result) throws SQLException {
        var columns = new Columns(result);
        var row = new SessionRow();
        row.id = columns.uuid();
        row.name = columns.text();
        row.liveName = columns.textOrNull();
        row.owner = columns.text();
        row.userId = columns.uuid();
        row.domain = columns.text();
        row.projectId = columns.uuid();
        row.resourceGroup = columns.text();
        row.pendingGroup = columns.textOrNull();
        row.priority = columns.integer();
        row.type = columns.constant(SessionType.class);
        row.tag = columns.textOrNull();
        row.clusterMode = columns.constant(ClusterMode.class);
        row.clusterSize = columns.integer();
        row.startsAt = columns.numberOrNull();
        row.details = columns.text();
        row.status = columns.constant(SessionStatus.class);
        row.statusInfo = columns.text();
        row.statusChangedAt = columns.number();
        row.result = columns.constant(SessionResult.class);
        row.numQueries = columns.number();
        row.createdAt = columns.number();
        row.scheduledAt = columns.numberOrNull();
        row.terminatedAt = columns.numberOrNull();
        return row;
    }

    /** Adds itself to a batch of {@link #INSERT}. */
    public void insert(PreparedStatement batch) throws SQLException {
        new Parameters(batch)
                .uuid(id)
                .text(name)
                .text(liveName)
                .text(owner)
                .uuid(userId)
                .text(domain)
                .uuid(projectId)
                .text(resourceGroup)
                .text(pendingGroup)
                .integer(priority)
                .constant(type)
                .text(tag)
                .constant(clusterMode)
                .integer(clusterSize)
                .number(startsAt)
                .text(details)
                .constant(status)
                .text(statusInfo)
                .number(statusChangedAt)
                .constant(result)
                .number(numQueries)
                .number(createdAt)
                .number(scheduledAt)
                .number(terminatedAt);
        batch.addBatch();
    }

    /**
     * Adds its change to a batch of {@link #UPDATE}.
     *
     * @param before the state that it was in when it was read
     */
    public void update(PreparedStatement batch, SessionStatus before, long beforeSince) throws SQLException {
        new Parameters(batch)
                .text(liveName)
                .text(pendingGroup)
                .constant(status)
                .text(statusInfo)
                .number(statusChangedAt)
                .constant(result)
                .number(scheduledAt)
                .number(terminatedAt)
                .uuid(id)
                .constant(before)
                .number(beforeSince);
        batch.addBatch();
    }

    /** Makes the row of a session that is admitted: PENDING. */
    public SessionRow(NewSession session) {
        id = session.id().value();
        name = storedName(session.name());
        liveName = name;
        owner = session.owner().value();
        userId = session.userId();
        domain = session.domain();
        projectId = session.projectId();
        resourceGroup = session.resourceGroup();
        pendingGroup = resourceGroup;
        priority = session.details().priority();
        type = session.details().type();
        tag = SessionFieldsMigration.storedTag(session.details());
        clusterMode = session.details().clusterMode();
        clusterSize = session.kernels().size();
        startsAt = SessionFieldsMigration.storedStart(session.details());
        details = JsonText.of(session.details());
        status = SessionStatus.PENDING;
        statusInfo = "";
        createdAt = Micros.of(session.createdAt());
        statusChangedAt = createdAt;
        result = SessionResult.UNDEFINED;
    }

    /** Returns a name as it is stored. */
    public static String storedName(String name) {
        return StoredText.clean(name);
    }

    /** Goes to another state, with all that depends on it. */
    public void moveTo(SessionStatus to, Instant at) {
        status = to;
        statusChangedAt = Micros.of(at);
        pendingGroup = to == SessionStatus.PENDING ? resourceGroup : null;
        if (to == SessionStatus.SCHEDULED) {
            scheduledAt = statusChangedAt;
        }
        if (to.isTerminal()) {
            liveName = null;
            terminatedAt = statusChangedAt;
        }
    }

    /** Says why it is in its state or still waits. */
    public void explain(String reason) {
        statusInfo = StoredText.reason(reason);
    }

    /** Stores how its job went. */
    public void conclude(SessionResult howItWent) {
        result = howItWent;
    }

    /** Gives a live session another name. */
    public void rename(String newName) {
        name = storedName(newName);
        liveName = name;
    }

    /** Counts queries. */
    public void addQueries(long more) {
        numQueries += more;
    }

    /** Returns the id. */
    public UUID id() {
        return id;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the access key that it counts for. */
    public String owner() {
        return owner;
    }

    /** Returns its user. */
    public UUID userId() {
        return userId;
    }

    /** Returns its domain. */
    public String domain() {
        return domain;
    }

    /** Returns its project. */
    public UUID projectId() {
        return projectId;
    }

    /** Returns its resource group. */
    public String resourceGroup() {
        return resourceGroup;
    }

    /** Returns its state. */
    public SessionStatus status() {
        return status;
    }

    /** Returns since when it is in its state, in microseconds since 1970. */
    public long statusChangedAtMicros() {
        return statusChangedAt;
    }

    /** Returns why it is in its state or still waits. */
    public String statusInfo() {
        return statusInfo;
    }

    /** Returns how often code was run in it. */
    public long numQueries() {
        return numQueries;
    }

    /** Returns what it is for. */
    public SessionType type() {
        return type;
    }

    private SessionDetails details() {
        var known = readDetails;
        if (known == null) {
            known = JsonText.details(details);
            readDetails = known;
        }
        return known;
    }

    /** Returns the value for the ports. */
    public SessionRecord toRecord(String userEmail, String projectName, List<KernelRecord> kernels) {
        return new SessionRecord(
                new SessionId(id),
                name,
                new AccessKey(owner),
                userId,
                userEmail,
                domain,
                projectId,
                projectName,
                resourceGroup,
                details(),
                status,
                statusInfo,
                Micros.instant(statusChangedAt),
                result,
                numQueries,
                Micros.instant(createdAt),
                Micros.instantOrNull(scheduledAt),
                Micros.instantOrNull(terminatedAt),
                kernels);
    }
}
