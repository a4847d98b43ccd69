package io.slipway.plugin.sources;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginContents.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads software bills of materials in the JSON form of CycloneDX. */
final class ContentsList {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ContentsList() {}

    /**
     * Reads one.
     *
     * @throws IOException if it is none, with a message for the operator
     */
    static List<Part> read(byte[] json) throws IOException {
        try {
            var tree = MAPPER.readTree(json);
            if (!tree.path("bomFormat").asText().equals("CycloneDX")) {
                throw new IOException("it is no CycloneDX list in JSON");
            }
            var parts = new ArrayList<Part>();
            tree.path("components").forEach(component -> parts.add(part(component)));
            return List.copyOf(parts);
        } catch (JacksonException e) {
            throw new IOException("it is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Part part(JsonNode component) {
        var group = component.path("group").asText("");
        var name = component.path("name").asText("");
        return new Part(
                group.isEmpty() ? name : group + ":" + name,
                component.path("version").asText(""),
                licences(component.path("licenses")),
                component.path("purl").asText(""));
    }

    private static List<String> licences(JsonNode licences) {
        var names = new ArrayList<String>();
        licences.forEach(each -> Stream.of(
                        each.path("expression"),
                        each.path("license").path("id"),
                        each.path("license").path("name"))
                .filter(JsonNode::isTextual)
                .findFirst()
                .ifPresent(name -> names.add(name.textValue())));
        return names;
    }
}
