package io.slipway.lib.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.table.ShellTable;

/** Prints rows as a table or as JSON. Confined to one command. */
public final class Printer {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintStream out;
    private final boolean isJson;
    private final Map<String, ?> marks;

    /** Creates one. */
    public Printer(PrintStream out, boolean isJson) {
        this(out, isJson, "", Map.of());
    }

    /**
     * Creates one that says something beside every answer.
     *
     * @param notice a line above each text; empty for none
     * @param marks what each JSON object has besides
     */
    public Printer(PrintStream out, boolean isJson, String notice, Map<String, ?> marks) {
        this.out = out;
        this.isJson = isJson;
        this.marks = Map.copyOf(marks);
        if (!notice.isEmpty() && !isJson) {
            out.println(notice);
        }
    }

    /**
     * Prints rows.
     *
     * @param columns of the table, in order; JSON has all that the rows have
     * @param rows value by column
     * @param emptyText what the table says if there is no row
     */
    public void rows(List<String> columns, List<? extends Map<String, ?>> rows, String emptyText) {
        if (isJson) {
            out.println(json(rows.stream().map(this::marked).toList()));
            return;
        }
        var table = new ShellTable().emptyTableText(emptyText);
        columns.forEach(table::column);
        rows.forEach(row -> table.addRow()
                .addContent(columns.stream().map(column -> cell(row, column)).toArray()));
        table.print(out);
    }

    private static Object cell(Map<String, ?> row, String column) {
        var value = row.get(column);
        return value == null ? "" : value;
    }

    /** Prints one thing as a JSON object, or else lines. */
    public void lines(Map<String, ?> forJson, List<String> lines) {
        if (isJson) {
            out.println(json(marked(forJson)));
        } else {
            lines.forEach(out::println);
        }
    }

    /** Prints text as it is and at once, or as the one field of a JSON object. */
    public void text(String field, String text) {
        if (isJson) {
            out.println(json(marked(Map.of(field, text))));
        } else {
            out.print(text);
            out.flush();
        }
    }

    /** Prints a line at once, which JSON does not have. */
    public void progress(String line) {
        if (!isJson) {
            out.println(line);
            out.flush();
        }
    }

    /** Returns whether JSON is wanted. */
    public boolean isJson() {
        return isJson;
    }

    Map<String, ?> marked(Map<String, ?> row) {
        if (marks.isEmpty()) {
            return row;
        }
        var marked = new LinkedHashMap<String, Object>(row);
        marked.putAll(marks);
        return marked;
    }

    static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists always become JSON", e);
        }
    }

    /** Returns a heading and its lines, indented; nothing without lines. */
    public static List<String> section(String heading, List<String> lines) {
        var all = new ArrayList<String>();
        if (!lines.isEmpty()) {
            all.add(heading);
            lines.forEach(line -> all.add("  " + line));
        }
        return all;
    }
}
