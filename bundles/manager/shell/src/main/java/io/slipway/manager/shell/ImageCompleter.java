package io.slipway.manager.shell;

import io.slipway.manager.api.ImageCatalog;
import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names and aliases of images. */
@Service
public final class ImageCompleter implements Completer {

    @Reference
    ImageCatalog images;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        var names = images.images().stream()
                .flatMap(image -> Stream.concat(
                        image.aliases().stream(), Stream.of(image.ref().canonical())))
                .toList();
        return new StringsCompleter(names).complete(session, commandLine, candidates);
    }
}
