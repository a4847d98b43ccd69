package io.slipway.plugin.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.table.ShellTable;

/** Prints rows as a table or as JSON, and in development mode says that it is on. */
final class Printer {

    static final String DEVELOPMENT =
            "DEVELOPMENT MODE: unsigned plug-ins are taken (allowUnsigned of io.slipway.plugin.sources)";

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintStream out;
    private final boolean isJson;
    private final boolean isDevelopment;

    Printer(PrintStream out, boolean isJson, boolean isDevelopment) {
        this.out = out;
        this.isJson = isJson;
        this.isDevelopment = isDevelopment;
        if (isDevelopment && !isJson) {
            out.println(DEVELOPMENT);
        }
    }

    /** Prints rows; the columns are those that are named, JSON has all. */
    void rows(List<String> columns, List<? extends Map<String, ?>> rows, String emptyText) {
        if (isJson) {
            json(rows.stream().map(this::marked).toList());
            return;
        }
        var table = new ShellTable().emptyTableText(emptyText);
        columns.forEach(table::column);
        rows.forEach(
                row -> table.addRow().addContent(columns.stream().map(row::get).toArray()));
        table.print(out);
    }

    /** Prints one thing as JSON, or else lines. */
    void lines(Map<String, ?> forJson, List<String> lines) {
        if (isJson) {
            json(marked(forJson));
        } else {
            lines.forEach(out::println);
        }
    }

    /** Prints a line at once, which JSON does not have. */
    void progress(String line) {
        if (!isJson) {
            out.println(line);
            out.flush();
        }
    }

    private Map<String, ?> marked(Map<String, ?> row) {
        if (!isDevelopment) {
            return row;
        }
        var marked = new LinkedHashMap<String, Object>(row);
        marked.put("developmentMode", true);
        return marked;
    }

    private void json(Object value) {
        try {
            out.println(MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists always become JSON", e);
        }
    }

    /** Returns a heading and its lines, indented; nothing without lines. */
    static List<String> section(String heading, List<String> lines) {
        var all = new ArrayList<String>();
        if (!lines.isEmpty()) {
            all.add(heading);
            lines.forEach(line -> all.add("  " + line));
        }
        return all;
    }
}
