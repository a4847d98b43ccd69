package io.slipway.agent.execution;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ConsoleRecord.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects output for a reply; neighbours of one text kind become one record. */
final class Console {

    private final List<ConsoleRecord> records = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable Kind open;
    private int size;

    void add(ConsoleRecord record) {
        size += record.text().length();
        if (record.kind() != open) {
            flush();
        }
        if (record.kind() == Kind.STDOUT || record.kind() == Kind.STDERR) {
            open = record.kind();
            text.append(record.text());
        } else {
            records.add(record);
        }
    }

    /** Returns about how many characters there are. */
    int size() {
        return size;
    }

    List<ConsoleRecord> records() {
        flush();
        return records;
    }

    private void flush() {
        if (open != null) {
            records.add(ConsoleRecord.text(open, text.toString()));
            text.setLength(0);
            open = null;
        }
    }
}
