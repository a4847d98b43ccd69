package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What users and images try in order to get out of a container, or to take more of the node than they were given. */
class DockerAttacksIT extends DockerTestCase {

    private static final long MIB = 1L << 20;

    /** No file of the node has this name. */
    private static final String UPLOADED = "slipway-attack-upload";

    @BeforeAll
    static void start() {
        start(Map.of());
    }

    private static String creation(Map<String, Object> config) {
        var all = new HashMap<String, Object>(config);
        all.putIfAbsent("resources", Map.of("cpu", "1", "mem", "256m"));
        var body = new HashMap<String, Object>(
                Map.of("name", "attack01", "image", "test/python:1", "reuseIfExists", false, "maxWaitSeconds", 60));
        body.put("config", all);
        return Api.text(body);
    }

    @Test
    void refusesFoldersOfTheNodeAndSlotsThatNobodyOffers() {
        for (var config : List.<Map<String, Object>>of(
                Map.of("mounts", List.of("/etc")),
                Map.of("mount_map", Map.of("/etc", "/mnt")),
                Map.of("mounts", List.of("../../etc")),
                Map.of("resources", Map.of("cpu", "1", "mem", "256m", "/dev/mem", "1")),
                Map.of("resources", Map.of("cpu", "1", "mem", "256m", "cuda.device", "1")))) {
            var response = api.send("POST", "/session", creation(config));
            assertEquals(400, response.statusCode(), () -> config + " " + response.body());
            var what = config.containsKey("resources")
                    ? "resources"
                    : config.keySet().iterator().next();
            assertTrue(response.body().contains(what), () -> config + " " + response.body());
        }
    }

    /** Each wish stands alone, so that none hides behind another's refusal. What nobody knows changes nothing. */
    @ParameterizedTest
    @MethodSource("wishes")
    void nothingThatIsAskedForMakesAContainerStronger(String name, Object wish) {
        var response = api.send("POST", "/session", creation(Map.of(name, wish)));
        assertEquals(201, response.statusCode(), response::body);
        var session = Api.json(response.body()).path("sessionId").asText();
        assertEquals("RUNNING", api.status(session), () -> home.info(session));
        assertWeak(session);
        home.end(session);
    }

    static Stream<Arguments> wishes() {
        return Stream.of(
                Arguments.of("resource_opts", Map.of("privileged", "true", "network", "host", "devices", "/dev/mem")),
                Arguments.of("privileged", true),
                Arguments.of("network_mode", "host"),
                Arguments.of("devices", List.of("/dev/mem")),
                Arguments.of("binds", List.of("/:/host")),
                Arguments.of("cap_add", List.of("SYS_ADMIN")));
    }

    /** What somebody knows, and this server does not give, is refused by its name. */
    @ParameterizedTest
    @MethodSource("refusals")
    void aWishThatMeansSomethingIsRefusedByItsName(String field, String name, Object wish) {
        var response = api.send("POST", "/session", creation(Map.of(name, wish)));
        assertEquals(400, response.statusCode(), response::body);
        assertTrue(response.body().contains("\"" + field + "\""), response::body);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("config.mounts", "mounts", List.of("/:/host")),
                Arguments.of("config.mount_map", "mount_map", Map.of("/", "/host")),
                Arguments.of("config.preopen_ports", "preopen_ports", List.of(22)),
                Arguments.of("resource_opts.shmem", "resource_opts", Map.of("shmem", "1g")));
    }

    private static void assertWeak(String session) {
        var container = home.inspect(session);
        var host = container.path("HostConfig");
        assertEquals("1000:1000", container.path("Config").path("User").asText());
        assertFalse(host.path("Privileged").asBoolean(true), host::toString);
        assertEquals("none", host.path("NetworkMode").asText());
        assertEquals("[\"ALL\"]", host.path("CapDrop").toString());
        assertTrue(host.path("CapAdd").isEmpty(), host::toString);
        assertEquals("[\"no-new-privileges:true\"]", host.path("SecurityOpt").toString());
        assertEquals(512, host.path("PidsLimit").asInt());
        assertEquals(256 * MIB, host.path("Memory").asLong());
        assertEquals(256 * MIB, host.path("MemorySwap").asLong());
        assertTrue(host.path("Init").asBoolean(), host::toString);
        assertEquals("private", host.path("IpcMode").asText());
        assertEquals("", host.path("PidMode").asText() + host.path("UTSMode").asText());
        assertTrue(host.path("Tmpfs").path("/tmp").asText().contains("nosuid"), host::toString);
        assertTrue(host.path("Devices").isEmpty() && host.path("Binds").isEmpty(), host::toString);
        assertTrue(
                host.path("MaskedPaths").size() > 3
                        && host.path("ReadonlyPaths").size() > 3,
                host::toString);
        assertEquals("2", host.path("LogConfig").path("Config").path("max-file").asText());
        var mounts = StreamSupport.stream(host.path("Mounts").spliterator(), false)
                .map(mount -> mount.path("Target").asText() + " "
                        + mount.path("ReadOnly").asBoolean(false))
                .sorted()
                .toList();
        assertEquals(List.of("/home/work false", "/opt/slipway true"), mounts);
    }

    @Test
    void givesProgramsNothingToBreakOutWith() {
        var session = home.running("captive1", "test/python:1");
        assertWeak(session);
        var status = api.run(session, "print(open('/proc/self/status').read())").stdout();
        assertTrue(status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"), status);
        assertTrue(status.contains("CapEff:\t0000000000000000"), status);
        assertTrue(status.contains("CapBnd:\t0000000000000000"), status);
        var code = """
                import os, socket
                for path in ('/var/run/docker.sock', '%s', '%s', '%s', '/dev/mem', '/dev/kmsg', '/dev/vda'):
                    print(os.path.exists(path))
                print(sorted(os.listdir('/sys/class/net')), os.getuid(), os.getgroups())
                tries = {
                    'mknod': lambda: os.mknod('/home/work/disk', 0o60600, os.makedev(254, 0)),
                    'driver': lambda: open('/opt/slipway/x', 'w'),
                    'setuid': lambda: os.setuid(0),
                    'chroot': lambda: os.chroot('/tmp'),
                    'sysctl': lambda: open('/proc/sys/kernel/core_pattern', 'w'),
                    'sysrq': lambda: open('/proc/sysrq-trigger', 'w'),
                    'cgroup': lambda: os.mkdir('/sys/fs/cgroup/memory/x'),
                    'raw': lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
                }
                for name, attempt in tries.items():
                    try:
                        attempt()
                        print(name, 'WORKED')
                    except OSError:
                        pass
                """.formatted(home.engine().socket(), home.installation().home(), home.homes());
        var run = api.run(session, code);
        assertEquals("False\n".repeat(7) + "['lo'] 1000 [1000]\n", run.stdout(), run::toString);
        home.end(session);
    }

    @Test
    void runsAnImageThatLiesAboutItsProgramsAndVariables() {
        var session = home.running("hostile1", "test/hostile:1");
        assertWeak(session);
        var run = api.run(session, "echo $((6*7)) $HOME $SLIPWAY_KERNEL_ID [$LD_PRELOAD$ENV$BASH_ENV]; id -u; pwd");
        assertEquals("42 /home/work " + session + " []\n1000\n/home/work\n", run.stdout(), run::toString);
        home.end(session);
    }

    /** Returns a session whose home has links that lead out of it. */
    private static String withLinks(String name) {
        var session = home.running(name, "test/python:1");
        var code = "import os\n"
                + "for name, target in (('etc', '/etc'), ('root', '/'), ('up', '../../../../..'), ('pw', '/etc/passwd')):\n"
                + "    os.symlink(target, name)\n"
                + "os.mkdir('sub'); open('sub/own.txt', 'w').write('own')\n";
        assertEquals("", api.run(session, code).stderr());
        return session;
    }

    @Test
    void filesAreThoseOfTheHomeOnly() {
        var session = withLinks("paths001");
        var paths = new ArrayList<>(List.of("../../etc/passwd", "/etc/passwd", "sub/../../x", "/home/work/../x"));
        paths.addAll(List.of("etc/passwd", "root/etc/passwd", "up/etc/passwd", "pw"));
        for (var path : paths) {
            for (var call : List.of("download_single", "download")) {
                var body = call.equals("download") ? Map.of("files", List.of(path)) : Map.of("file", path);
                var response = api.send("POST", "/session/paths001/" + call, Api.text(body));
                assertTrue(response.statusCode() >= 400 && response.statusCode() < 500, () -> call + " " + path);
                assertFalse(response.body().contains("root:"), () -> call + " " + path + ": " + response.body());
            }
        }
        for (var folder : List.of("..", "/etc", "etc", "up", "root/etc")) {
            var response = api.send("GET", "/session/paths001/files", Api.text(Map.of("path", folder)));
            assertTrue(response.statusCode() >= 400 && response.statusCode() < 500, () -> folder + response.body());
        }
        var own = api.send("POST", "/session/paths001/download_single", Api.text(Map.of("file", "sub/own.txt")));
        assertEquals("own", own.body());
        home.end(session);
    }

    @Test
    void uploadsGoNowhereButIntoTheHome() throws IOException {
        var session = withLinks("paths002");
        var paths = List.of(
                "../NEW", "/etc/NEW", "sub/../../NEW", "/home/work/../NEW", "etc/NEW", "root/tmp/NEW", "up/NEW");
        for (var path : paths) {
            var response = upload(path.replace("NEW", UPLOADED), "evil");
            assertEquals(400, response.statusCode(), () -> path + " " + response.body());
            assertTrue(response.body().contains("\"path\""), () -> path + " " + response.body());
        }
        // a link that is in the place of the file is replaced, not followed
        var passwords = Files.readString(Path.of("/etc/passwd"));
        assertEquals(204, upload("pw", "mine").statusCode());
        assertEquals(204, upload("sub/" + UPLOADED, "ours").statusCode());
        var look = "import os; print(os.path.islink('pw'), open('pw').read(), open('sub/" + UPLOADED + "').read(),"
                + " os.path.exists('" + UPLOADED + "'), 'mine' in open('/etc/passwd').read())";
        assertEquals("False mine ours False False\n", api.run(session, look).stdout());
        assertEquals(passwords, Files.readString(Path.of("/etc/passwd")));
        var homes = home.homes();
        for (var folder : List.of(homes, homes.getParent(), Path.of("/"), Path.of("/etc"), Path.of("/tmp"))) {
            assertFalse(Files.exists(folder.resolve(UPLOADED)), folder::toString);
        }
        home.end(session);
    }

    private static HttpResponse<String> upload(String path, String content) {
        return SignedHttp.user(home.installation()).upload("/session/paths002/upload", path, content);
    }

    @Test
    void tenThousandFilesAreListedUpToALimitAndGoAgain() {
        var session = home.running("files001", "test/python:1");
        new FileFloods(home.installation()).makeManyFiles(session, "files001");
        home.end(session);
    }

    @Test
    void aDownloadOfFiveGigabytesGoesThroughASmallServer() {
        var session = home.running("large001", "test/python:1");
        new FileFloods(home.installation()).downloadHugeFile(session, "large001");
        home.end(session);
    }

    @Test
    void keepsLittleOfAGigabyteOfOutput() throws IOException {
        var session = home.running("noisy001", "test/busybox:1");
        var run = api.run(
                session,
                "set -o pipefail; dd if=/dev/zero bs=1M count=1024 2>/dev/null | tr '\\0' x >/proc/1/fd/1 && echo over");
        assertEquals("over\n", run.stdout(), run::toString);
        assertEquals("", run.stderr(), run::toString);
        try (var files = Files.walk(home.engine().data().resolve("containers"))) {
            var bytes = files.filter(file -> file.toString().contains(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertTrue(bytes > MIB && bytes < 16 * MIB, () -> bytes + " bytes of logs");
        }
        var logs = api.send("GET", "/session/" + session + "/logs", null).body();
        assertTrue(logs.contains("x".repeat(100)), () -> "the newest of it is kept, not " + logs.length() + " others");
        assertEquals("42\n", api.run(session, "echo 42").stdout());
        home.end(session);
    }
}
