package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.agent.AgentId;
import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentIdentityTest {

    @TempDir
    Path home;

    @Test
    void staysTheSameWhenTheHostIsRenamed() throws IOException {
        var first = AgentIdentity.of(home, "", "Box_1.example.org", new Random(1));
        assertTrue(first.value().matches("i-box-1-[0-9a-f]{8}"), first.value());
        assertEquals(first, AgentIdentity.of(home, "", "other", new Random(2)));
    }

    @Test
    void settingOverrides() throws IOException {
        assertEquals(new AgentId("mine"), AgentIdentity.of(home, "mine", "box", new Random(1)));
    }

    @Test
    void keepsStateToItselfAndLetsKernelsPassThroughTheirParents() throws IOException {
        var folders = NodeFolders.of(home, home.resolve("x/y").toString(), true);
        folders.create();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folders.state())));
        assertEquals("rwx--x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(folders.kernelHomes())));
        assertEquals("rwx--x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("x"))));
    }

    @Test
    void keepsKernelHomesOfRootOutsideOfTheInstallation() throws IOException {
        var real = home.toRealPath();
        var id = NodeFolders.homeId(real);
        assertTrue(id.matches("[0-9a-f]{12}"));
        assertEquals(
                Path.of("/var/lib/slipway", id, "homes"),
                NodeFolders.of(home, "", true).kernelHomes());
        assertEquals(
                real.resolve("kernel-homes"), NodeFolders.of(home, "", false).kernelHomes());
    }

    @Test
    void readsRuntimesByRegistry() {
        assertEquals(
                Map.of("local", new PluginId("docker")),
                AgentNode.runtimeByRegistry(new String[] {"local=docker", ""}));
        assertEquals(
                Map.of("local", new PluginId("process"), "docker.io", new PluginId("docker")),
                AgentNode.runtimeByRegistry(new String[] {"docker.io=docker, local=process"}));
        assertThrows(IllegalArgumentException.class, () -> AgentNode.runtimeByRegistry(new String[] {"local"}));
    }
}
