package io.slipway.manager.graphql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import graphql.language.AstPrinter;
import graphql.language.FieldDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SchemaTest {

    /** Bytes of memory do not go into 32 bits; who reads JSON sees a number in either case. */
    private static final List<String> WIDER = List.of("Agent mem_slots Int", "Agent used_mem_slots Int");

    private static String text(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(SchemaTest.class.getResourceAsStream(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void hasTheFieldsThatClientsSelect() throws IOException {
        var wanted = text("fields.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> WIDER.contains(line) ? line.replace(" Int", " BigInt") : line)
                .collect(Collectors.toCollection(TreeSet::new));
        var types = new TreeMap<String, ObjectTypeDefinition>();
        new SchemaParser()
                .parse(text("schema.graphqls"))
                .getTypes(ObjectTypeDefinition.class)
                .forEach(type -> types.put(type.getName(), type));
        var found = wanted.stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .distinct()
                .flatMap(name -> types.get(name).getFieldDefinitions().stream().map(field -> line(name, field)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(String.join("\n", wanted), String.join("\n", found));
    }

    private static String line(String type, FieldDefinition field) {
        var arguments = field.getInputValueDefinitions().stream()
                .map(AstPrinter::printAst)
                .collect(Collectors.joining(", "));
        return type + " " + field.getName() + (arguments.isEmpty() ? "" : "(" + arguments + ")") + " "
                + AstPrinter.printAst(field.getType());
    }
}
