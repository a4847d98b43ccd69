package io.slipway.manager.persistence.row;

import io.slipway.manager.store.UserRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.UserRole;
import io.slipway.model.identity.UserStatus;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user. Locked second by an admission. */
@Entity
@Table(name = "users")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class UserRow {

    @Id
    private UUID id;

    private String email;
    private String username;

    @Column(name = "full_name")
    private String fullName;

    @Column(name = "password_hash")
    private String passwordHash;

    private String domain;

    @Enumerated(EnumType.STRING)
    private UserRole role;

    @Enumerated(EnumType.STRING)
    private UserStatus status;

    @Column(name = "allowed_client_ips")
    private String allowedClientIps;

    @Column(name = "main_access_key")
    private @Nullable String mainAccessKey;

    @Column(name = "created_at")
    private long createdAt;

    /** For the persistence provider. */
    protected UserRow() {}

    /** Makes a row. */
    public UserRow(UserRecord user) {
        id = user.id();
        email = user.email();
        username = user.username();
        fullName = StoredText.clean(user.fullName());
        passwordHash = user.passwordHash();
        domain = user.domain();
        role = user.role();
        status = user.status();
        allowedClientIps = JsonText.of(user.allowedClientIps());
        mainAccessKey =
                user.mainAccessKey() == null ? null : user.mainAccessKey().value();
        createdAt = Micros.of(user.createdAt());
    }

    /** Returns the id. */
    public UUID id() {
        return id;
    }

    /** Returns the e-mail address. */
    public String email() {
        return email;
    }

    /** Returns the value for the ports. */
    public UserRecord toRecord() {
        return new UserRecord(
                id,
                email,
                username,
                fullName,
                passwordHash,
                domain,
                role,
                status,
                JsonText.textList(allowedClientIps),
                mainAccessKey == null ? null : new AccessKey(mainAccessKey),
                Micros.instant(createdAt));
    }
}
