package io.slipway.manager.shell;

import io.slipway.lib.shell.OperatorAction;
import io.slipway.manager.api.IdentityService;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.jspecify.annotations.Nullable;

/** A command that acts on somebody's sessions. */
abstract class OwnedCommand extends OperatorAction {

    @Option(name = "--owner", description = "Access key to act for; the first superadmin's by default")
    @Completion(AccessKeyCompleter.class)
    @Nullable
    String ownerKey;

    @Reference
    IdentityService identity;

    final Principal operator() {
        return identity.operator();
    }

    final AccessKey owner() {
        return identity.owner(operator(), Optional.ofNullable(ownerKey));
    }
}
