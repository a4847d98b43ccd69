package io.slipway.manager.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.table.ShellTable;

/** Prints rows as a table or as JSON. */
final class Printer {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintStream out;
    private final boolean isJson;

    Printer(PrintStream out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
    }

    /**
     * Prints rows.
     *
     * @param columns names of the columns in order
     * @param rows value by column
     * @param emptyText what to say if there is no row
     */
    void rows(List<String> columns, List<Map<String, String>> rows, String emptyText) {
        if (isJson) {
            json(rows);
            return;
        }
        var table = new ShellTable().emptyTableText(emptyText);
        columns.forEach(table::column);
        rows.forEach(row -> table.addRow()
                .addContent(columns.stream()
                        .map(column -> row.getOrDefault(column, ""))
                        .toArray()));
        table.print(out);
    }

    /** Prints a value as JSON. */
    void json(Object value) {
        try {
            out.println(MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists always become JSON", e);
        }
    }

    /** Prints one thing as JSON, or else lines. */
    void lines(Object forJson, List<String> lines) {
        if (isJson) {
            json(forJson);
        } else {
            lines.forEach(out::println);
        }
    }

    /** Prints text as it is and at once, or as the one field of a JSON object. */
    void text(String field, String text) {
        if (isJson) {
            json(Map.of(field, text));
        } else {
            out.print(text);
            out.flush();
        }
    }

    /** Returns whether JSON is wanted. */
    boolean isJson() {
        return isJson;
    }
}
