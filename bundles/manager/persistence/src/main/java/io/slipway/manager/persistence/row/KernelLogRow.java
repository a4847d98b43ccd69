package io.slipway.manager.persistence.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;

/** The end of a kernel's log. */
@Entity
@Table(name = "kernel_logs")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class KernelLogRow {

    @Id
    @Column(name = "kernel_id")
    private UUID kernelId;

    private String tail;

    /** For the persistence provider. */
    protected KernelLogRow() {}

    /** Writes the logs of kernels; one that was started anew may have left one before. */
    public static void replace(Connection connection, Map<UUID, String> logs) throws SQLException {
        if (logs.isEmpty()) {
            return;
        }
        try (var update = connection.prepareStatement("UPDATE kernel_logs SET tail = ? WHERE kernel_id = ?");
                var insert = connection.prepareStatement("INSERT INTO kernel_logs (tail, kernel_id) VALUES (?, ?)")) {
            for (var entry : logs.entrySet()) {
                var text = StoredText.clean(entry.getValue());
                new Parameters(update).text(text).uuid(entry.getKey());
                if (update.executeUpdate() == 0) {
                    new Parameters(insert).text(text).uuid(entry.getKey());
                    insert.executeUpdate();
                }
            }
        }
    }

    /** Returns the text. */
    public String tail() {
        return tail;
    }
}
