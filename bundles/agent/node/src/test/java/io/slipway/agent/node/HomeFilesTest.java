package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.AgentFiles;
import io.slipway.agent.api.FileEntry;
import io.slipway.model.kernel.KernelId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HomeFilesTest {

    private static final long LIMIT = 1 << 20;

    @TempDir
    Path folder;

    private NodeFixture fixture;
    private KernelId kernel;
    private AgentFiles files;
    private Path home;

    @BeforeEach
    void start() throws Exception {
        fixture = new NodeFixture(Files.createDirectory(folder.resolve("installation"))).start();
        kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        files = fixture.agent().files();
        home = fixture.folders.kernelHomes().resolve(kernel.toString());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void putsFileAndMakesItsFolders() throws Exception {
        upload("a/b/hello.txt", "hello");
        assertEquals("hello", Files.readString(home.resolve("a/b/hello.txt")));
        assertEquals(Files.getOwner(home), Files.getOwner(home.resolve("a/b/hello.txt")));
        upload("/home/work/a/b/hello.txt", "again");
        assertEquals("again", read("a/b/hello.txt"));
        assertTrue(staged().isEmpty());
    }

    @Test
    void leavesNothingOfAnUploadThatWasBrokenOff() throws Exception {
        try (var upload = files.upload(kernel, "x", LIMIT)) {
            upload.write(bytes("half"));
        }
        assertFalse(Files.exists(home.resolve("x")));
        assertTrue(staged().isEmpty());
    }

    @Test
    void refusesMoreThanWasAllowed() throws Exception {
        try (var upload = files.upload(kernel, "x", 4)) {
            upload.write(bytes("1234"));
            refused("larger than 4", () -> upload.write(bytes("5")));
        }
    }

    @Test
    void refusesPathsThatLeaveTheHome() throws Exception {
        Files.writeString(folder.resolve("secret"), "s");
        for (var path : List.of(
                "../secret",
                "a/../../secret",
                "/etc/passwd",
                "/home/work/../secret",
                "/home/workmate/x",
                "..",
                "a\0b",
                "x".repeat(300),
                "d/".repeat(70) + "f")) {
            refused("", () -> files.read(kernel, path).close());
            refused("", () -> files.archive(kernel, path).close());
            refused("", () -> files.list(kernel, path));
            refused("", () -> upload(path, "x"));
        }
    }

    @Test
    void followsNoLink() throws Exception {
        var outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        Files.createSymbolicLink(home.resolve("link"), outside);
        Files.createSymbolicLink(home.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(home.resolve("inside"), Path.of("real"));
        Files.createDirectory(home.resolve("real"));
        refused("link", () -> files.read(kernel, "link/secret").close());
        refused("link", () -> files.read(kernel, "file").close());
        refused("link", () -> files.list(kernel, "link"));
        refused("link", () -> upload("link/new", "x"));
        refused("link", () -> upload("inside/new", "x"));
        refused("neither", () -> files.archive(kernel, "link").close());
        upload("file", "mine");
        assertEquals("s", Files.readString(outside.resolve("secret")));
        assertEquals("mine", Files.readString(home.resolve("file")));
        assertEquals(List.of("secret"), names(outside));
    }

    @Test
    void leavesLinksOutOfArchives() throws Exception {
        upload("d/a", "1");
        Files.createSymbolicLink(home.resolve("d/evil"), Path.of("/etc"));
        assertEquals(List.of("d/", "d/a"), unpack("d").stream().sorted().toList());
    }

    @Test
    void neverHangsOnPipes() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", home.resolve("p").toString())
                        .start()
                        .waitFor());
        refused("pipe", () -> files.read(kernel, "p").close());
        refused("pipe", () -> files.list(kernel, "p"));
        assertEquals(List.of("work/"), unpack("."));
    }

    /** A program swaps a folder for a link to the outside, as fast as it can, while files are read and written. */
    @Test
    void keepsInsideWhileAProgramSwapsFoldersForLinks() throws Exception {
        var outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("f"), "secret");
        Files.createDirectory(home.resolve("real"));
        Files.writeString(home.resolve("real/f"), "public");
        Files.createSymbolicLink(home.resolve("fake"), outside);
        var isOver = new AtomicBoolean();
        var swapper = Thread.ofPlatform().start(() -> swap(isOver));
        try {
            var read = 0;
            var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (System.nanoTime() < end) {
                try {
                    assertEquals("public", read("d/f"));
                    read++;
                    upload("d/new", "x");
                } catch (AgentException e) {
                    assertTrue(List.of(Reason.INVALID_INPUT, Reason.FAILED).contains(e.reason()), e::toString);
                }
            }
            assertTrue(read > 0);
        } finally {
            isOver.set(true);
            swapper.join();
        }
        assertEquals(List.of("f"), names(outside));
    }

    private void swap(AtomicBoolean isOver) {
        try {
            while (!isOver.get()) {
                Files.move(home.resolve("real"), home.resolve("d"));
                Files.move(home.resolve("d"), home.resolve("real"));
                Files.move(home.resolve("fake"), home.resolve("d"));
                Files.move(home.resolve("d"), home.resolve("fake"));
            }
        } catch (IOException e) {
            // an upload found no d and made one; the test goes on without swaps
            isOver.set(true);
        }
    }

    @Test
    void listsTenThousandFiles() throws Exception {
        var many = Files.createDirectory(home.resolve("many"));
        for (var i = 0; i < 10_001; i++) {
            Files.createFile(many.resolve("f" + i));
        }
        var listing = files.list(kernel, "many");
        assertEquals(10_000, listing.entries().size());
        assertFalse(listing.isComplete());
        assertEquals("/home/work/many", listing.path());
        refused("more than 10000", () -> files.archive(kernel, "many").close());
    }

    @Test
    void tellsKindModeAndSize() throws Exception {
        upload("f", "12345");
        Files.createDirectory(home.resolve("d"));
        Files.createSymbolicLink(home.resolve("l"), Path.of("f"));
        var listing = files.list(kernel, ".");
        assertTrue(listing.isComplete());
        assertEquals(
                List.of("d", "f", "l"),
                listing.entries().stream().map(FileEntry::name).toList());
        assertEquals("-rw-r--r--", listing.entries().get(1).mode());
        assertEquals(5, listing.entries().get(1).size());
        assertTrue(listing.entries().get(0).mode().startsWith("d"));
        assertTrue(listing.entries().get(2).mode().startsWith("l"));
    }

    @Test
    void streamsFileOfFiveGigabytesInLittleMemory() throws Exception {
        var size = 5L << 30;
        // there, unlike on a disk, a hole costs nothing to read
        var shared = Path.of("/dev/shm");
        var roomy = Files.createTempDirectory(Files.isWritable(shared) ? shared : folder, "slipway");
        try (var there = new NodeFixture(roomy).start()) {
            var one = there.create();
            there.sink.awaitRunning(one);
            var file = there.folders.kernelHomes().resolve(one + "/big");
            try (var big = new RandomAccessFile(file.toFile(), "rw")) {
                big.setLength(size);
            }
            var out = new Counting();
            try (var content = there.agent().files().archive(one, "big")) {
                var before = used();
                content.writeTo(out);
                assertEquals(content.length(), out.count);
                assertTrue(out.count >= size);
                assertTrue(used() - before < 64L << 20, "memory grew by " + (used() - before));
            }
        } finally {
            TreeDeletion.delete(roomy.getParent(), roomy.getFileName().toString(), false);
        }
    }

    @Test
    void archivesWhatTarUnderstands() throws Exception {
        upload("d/plain", "1");
        upload("d/" + "long".repeat(40) + "/ünïcode", "22");
        upload("d/empty", "");
        assertEquals(
                List.of(
                        "d/",
                        "d/empty",
                        "d/" + "long".repeat(40) + "/",
                        "d/" + "long".repeat(40) + "/ünïcode",
                        "d/plain"),
                unpack("d").stream().sorted().toList());
        assertEquals("22", Files.readString(folder.resolve("unpacked/d/" + "long".repeat(40) + "/ünïcode")));
    }

    @Test
    void refusesWhatIsNotThere() {
        refused("no such", () -> files.read(kernel, "nothing").close());
        refused("no such", () -> files.archive(kernel, "nothing/x").close());
        refused("no such", () -> files.list(kernel, "nothing"));
        refused("folder", () -> files.read(kernel, ".").close());
        refused("folder", () -> upload(".", "x"));
        var stranger = new KernelId(UUID.randomUUID());
        assertEquals(
                Reason.UNKNOWN_KERNEL,
                assertThrows(AgentException.class, () -> files.list(stranger, "."))
                        .reason());
    }

    @Test
    void forgetsStagedFilesAtItsStart() throws Exception {
        try (var upload = files.upload(kernel, "x", LIMIT)) {
            upload.write(bytes("half"));
            fixture.kill().start();
            assertTrue(staged().isEmpty());
        }
    }

    @Test
    void freesCallersOfFilesThatHang() throws Exception {
        var calls = new HomeCalls(Duration.ofMillis(50));
        var hang = new AtomicBoolean(true);
        HomeCalls.Work<Integer> hanging = () -> {
            while (hang.get()) {
                Thread.onSpinWait();
            }
            return 1;
        };
        for (var i = 0; i < 6; i++) {
            var failure = assertThrows(AgentException.class, () -> calls.call(kernel, hanging));
            assertEquals(Reason.TIMEOUT, failure.reason());
        }
        assertEquals(2, calls.call(new KernelId(UUID.randomUUID()), () -> 2));
        hang.set(false);
        NodeFixture.await(() -> {
            try {
                return calls.call(kernel, () -> 3) == 3;
            } catch (AgentException e) {
                return false;
            }
        });
    }

    private void upload(String path, String content) throws AgentException {
        try (var upload = files.upload(kernel, path, LIMIT)) {
            upload.write(bytes(content));
            upload.complete();
        }
    }

    private String read(String path) throws Exception {
        try (var content = files.read(kernel, path)) {
            var out = new ByteArrayOutputStream();
            content.writeTo(out);
            assertEquals(content.length(), out.size());
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    /** Unpacks an archive by the system's tar, which checks it, and returns its names. */
    private List<String> unpack(String path) throws Exception {
        var tar = folder.resolve("archive.tar");
        try (var content = files.archive(kernel, path);
                var out = Files.newOutputStream(tar)) {
            content.writeTo(out);
            out.flush();
            assertEquals(content.length(), Files.size(tar));
        }
        var target = Files.createDirectories(folder.resolve("unpacked"));
        var process = new ProcessBuilder(
                        "tar", "-xvf", tar.toString(), "-C", target.toString(), "--quoting-style=literal")
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.lines().toList();
    }

    private static void refused(String words, org.junit.jupiter.api.function.Executable call) {
        var failure = assertThrows(AgentException.class, call);
        assertEquals(Reason.INVALID_INPUT, failure.reason(), failure.getMessage());
        assertTrue(failure.getMessage().contains(words), failure.getMessage());
        assertFalse(failure.getMessage().contains("kernel-homes"), failure.getMessage());
    }

    private List<String> staged() throws IOException {
        return names(fixture.folders.kernelHomes().resolve(".uploads"));
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static final class Counting extends OutputStream {
        private long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count += length;
        }
    }
}
