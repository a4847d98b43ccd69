package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FifosTest {

    private static final int MORE_THAN_A_FIFO_HOLDS = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void leavesTheCarriersOfVirtualThreadsFreeWhenShellsDoNotRead() throws Exception {
        var command = new ArrayList<>(List.of("mkfifo"));
        DriverFolders.FIFOS.forEach(name -> command.add(folder.resolve(name).toString()));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        var shells = new ArrayList<Fifos>();
        try {
            for (var i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                var fifos = new Fifos();
                shells.add(fifos);
                fifos.open(folder);
                fifos.write("in", "x".repeat(MORE_THAN_A_FIFO_HOLDS));
            }
            for (var turn = 0; turn < 20; turn++) {
                var ran = new CountDownLatch(1);
                Thread.ofVirtual().start(ran::countDown);
                assertTrue(ran.await(10, TimeUnit.SECONDS), "no virtual thread runs any more");
                TimeUnit.MILLISECONDS.sleep(10); // the writers get stuck meanwhile, one after the other
            }
        } finally {
            shells.forEach(Fifos::close);
        }
    }
}
