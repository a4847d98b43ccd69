package io.slipway.plugin.lifecycle;

import java.util.List;
import java.util.Optional;

/** What speaks against a swap before anything is installed, in words. */
final class SwapCheck {

    private SwapCheck() {}

    /** Compares a candidate with what runs. */
    static Optional<String> compare(Optional<InstalledPlugin> old, CandidateJar candidate) {
        var bundle = old.map(InstalledPlugin::bundle);
        if (bundle.isEmpty()) {
            return Optional.empty();
        }
        var name = bundle.get().getSymbolicName();
        if (!candidate.symbolicName().equals(name)) {
            return Optional.of("its symbolic name is " + candidate.symbolicName() + ", that of the version in use "
                    + name + "; another bundle needs another plug-in id");
        }
        return candidate.jar().version().equals(bundle.get().getVersion())
                ? Optional.of("version " + candidate.jar().version() + " is the one in use")
                : Optional.empty();
    }

    /** Says no if more than the plug-in would be restarted. */
    static Optional<String> refresh(List<String> refreshed) {
        return refreshed.isEmpty()
                ? Optional.empty()
                : Optional.of("the framework would have to restart other bundles too: " + refreshed);
    }
}
