package io.slipway.manager.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.config.api.SharedConfig;
import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.model.failure.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** Puts a tree of keys from a JSON file, all or none: objects become levels of the key, other values text. */
@Service
@Command(scope = "slipway", name = "etcd-put-json", description = "Puts a tree of keys from a JSON file")
public final class EtcdPutJsonCommand extends OperatorAction {

    private static final JsonMapper MAPPER = new JsonMapper();

    @Argument(index = 0, name = "key", description = "Where to put it; '' for the root")
    @Completion(ConfigKeyCompleter.class)
    String key;

    @Argument(index = 1, name = "file", description = "A file with a JSON object", multiValued = true)
    @Completion(FileCompleter.class)
    List<String> file;

    @Reference
    SharedConfig config;

    @Override
    protected void run(Printer printer) {
        var pairs = new TreeMap<String, String>();
        flatten(key, read(), pairs);
        config.put(pairs);
        printer.lines(pairs, List.of("Put " + pairs.size() + " keys"));
    }

    private JsonNode read() {
        try {
            var tree = MAPPER.readTree(Files.readString(Path.of(only(file))));
            if (!tree.isObject()) {
                throw SlipwayException.invalid("file", only(file) + " holds no JSON object");
            }
            return tree;
        } catch (IOException e) {
            throw SlipwayException.invalid("file", "cannot read " + only(file) + " as JSON: " + e.getMessage());
        }
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> pairs) {
        if (node.isObject()) {
            node.forEachEntry((name, child) -> flatten(prefix.isEmpty() ? name : prefix + "/" + name, child, pairs));
        } else {
            pairs.put(prefix, node.isValueNode() ? node.asText() : node.toString());
        }
    }
}
