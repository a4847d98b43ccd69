package io.slipway.manager.shell;

import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.model.image.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Lists the catalog of images. */
@Service
@Command(scope = "slipway", name = "image-list", description = "Lists images that sessions can be made of")
public final class ImageListCommand extends OperatorAction {

    private static final List<String> COLUMNS = List.of("image", "architecture", "aliases", "size", "digest");

    @Reference
    ImageCatalog images;

    @Override
    protected void run(Printer printer) {
        var rows = images.images().stream().map(ImageListCommand::row).toList();
        printer.rows(COLUMNS, rows, "No image is registered");
    }

    private static Map<String, String> row(Image image) {
        var row = new LinkedHashMap<String, String>();
        row.put("image", image.ref().canonical());
        row.put("architecture", image.ref().architecture());
        row.put("aliases", String.join(" ", image.aliases()));
        row.put("size", Long.toString(image.sizeBytes()));
        row.put("digest", image.digest());
        return row;
    }
}
