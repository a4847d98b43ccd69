package io.slipway.agent.execution;

import java.nio.file.Path;

/**
 * The folder of one kernel's driver.
 *
 * @param path where it is; cannot be guessed
 * @param token what the driver shows to be let in
 */
record DriverFolder(Path path, String token) {

    Path socket() {
        return path.resolve("agent.sock");
    }

    @Override
    public String toString() {
        return path.getFileName().toString().substring(0, 6) + "...";
    }
}
