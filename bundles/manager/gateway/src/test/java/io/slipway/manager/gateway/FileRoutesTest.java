package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.model.session.SessionStatus;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FileRoutesTest {

    private final GatewayUnderTest server = new GatewayUnderTest();

    @BeforeEach
    void fill() {
        server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
    }

    @AfterEach
    void stop() {
        // a client has its last byte a moment before the server closes what it sent
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (server.files.open.get() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(0, server.files.open.get(), "something was left open");
        server.close();
    }

    private static String part(String fileName, String content) {
        return "--XyZ\r\nContent-Disposition: form-data; name=\"src\"; filename=\"" + fileName + "\"\r\n\r\n" + content
                + "\r\n";
    }

    private GatewayUnderTest.Reply upload(String session, String body) throws Exception {
        var target = "/session/" + session + "/upload";
        var date = OffsetDateTime.now(ZoneOffset.UTC);
        var request = server.request("POST", target, body)
                .header("Content-Type", "multipart/form-data; boundary=XyZ")
                .header("Date", date.toString())
                .header("X-BackendAI-Version", "v8.20240915")
                .header("Authorization", server.authorization(Fakes.USER, "POST", target, date, "multipart/form-data"));
        return server.send(request);
    }

    @Test
    void takesFilesOfAForm() throws Exception {
        var reply = upload("runs0001", part("sub%2Fa.txt", "hello") + part("b", "") + "--XyZ--\r\n");
        assertEquals(204, reply.status());
        assertEquals(Map.of("runs0001/sub/a.txt", "hello", "runs0001/b", ""), server.files.contents);
    }

    @Test
    void refusesBadUploads() throws Exception {
        assertEquals(
                "404 object-not-found",
                upload("nobody", part("a", "x") + "--XyZ--\r\n").problem());
        assertEquals(
                "400 invalid-api-params",
                upload("runs0001", part("..%2Fa", "x") + "--XyZ--\r\n").problem());
        assertEquals(
                "400 invalid-api-params", upload("runs0001", part("a", "x")).problem());
        assertEquals("400 invalid-api-params", upload("runs0001", "").problem());
        assertEquals("404 object-not-found", upload("nobody", "--XyZ--\r\n").problem());
        assertEquals(204, upload("runs0001", "--XyZ--\r\n").status());
        assertEquals(
                "400 invalid-api-params",
                upload("runs0001", part("a", "x".repeat(1_001)) + "--XyZ--\r\n").problem());
        var many = part("a", "1") + part("b", "2") + part("c", "3");
        assertEquals(
                "400 invalid-api-params",
                upload("runs0001", many + part("d", "4") + "--XyZ--\r\n").problem());
        var unnamed = "--XyZ\r\nContent-Disposition: form-data; name=\"src\"\r\n\r\nx\r\n--XyZ--\r\n";
        assertEquals("400 invalid-api-params", upload("runs0001", unnamed).problem());
        assertTrue(server.files.contents.keySet().stream().allMatch(name -> name.matches("runs0001/[abc]")));
    }

    @Test
    void streamsArchivesWithTheirLength() throws Exception {
        server.files.contents.put("runs0001/a", "1");
        server.files.contents.put("runs0001/b", "22");
        var reply = server.call(Fakes.USER, "POST", "/session/runs0001/download", "{\"files\":[\"a\",\"b\"]}");
        assertEquals(200, reply.status());
        var type = reply.header("Content-Type").orElseThrow();
        assertTrue(type.startsWith("multipart/mixed; boundary="), type);
        var body = reply.raw().body();
        assertEquals(
                Integer.toString(body.length()), reply.header("Content-Length").orElseThrow());
        var boundary = type.substring(type.indexOf('=') + 1);
        assertTrue(body.contains("--" + boundary + "\r\nContent-Type: application/x-tar\r\n"
                + "Content-Encoding: identity\r\nContent-Length: 9\r\n\r\ntar of 22\r\n--" + boundary + "--\r\n"));
    }

    @Test
    void streamsOneFile() throws Exception {
        server.files.contents.put("runs0001/a", "<b>1</b>");
        var reply = server.call(Fakes.USER, "POST", "/session/runs0001/download_single", "{\"file\":\"a\"}");
        assertEquals("<b>1</b>", reply.raw().body());
        assertEquals("8", reply.header("Content-Length").orElseThrow());
        assertEquals("application/octet-stream", reply.header("Content-Type").orElseThrow());
    }

    @Test
    void closesWhatItOpenedWhenALaterOneIsMissing() throws Exception {
        server.files.contents.put("runs0001/a", "1");
        var reply = server.call(Fakes.USER, "POST", "/session/runs0001/download", "{\"files\":[\"a\",\"x\"]}");
        assertEquals("400 invalid-api-params", reply.problem());
    }

    @Test
    void listsByGetWithBody() throws Exception {
        server.files.contents.put("runs0001/a", "1");
        var reply = server.call(Fakes.USER, "GET", "/session/runs0001/files", "{\"path\":\".\"}");
        assertEquals(200, reply.status());
        assertEquals("/home/work", reply.body().path("abspath").asText());
        assertEquals("", reply.body().path("errors").asText());
        var listed = new ObjectMapper().readTree(reply.body().path("files").asText());
        assertEquals("a", listed.path(0).path("filename").asText());
        assertEquals("-rw-r--r--", listed.path(0).path("mode").asText());
        assertEquals(1_700_000_000.5, listed.path(0).path("mtime").asDouble());
        assertEquals(200, server.get(Fakes.USER, "/session/runs0001/files").status());
    }

    @Test
    void showsNobodyElsesFiles() throws Exception {
        server.files.contents.put("runs0001/a", "1");
        var reply = server.call(Fakes.OTHER, "POST", "/session/runs0001/download_single", "{\"file\":\"a\"}");
        assertEquals("404 object-not-found", reply.problem());
        var asked = "/session/runs0001/files?owner_access_key=" + Fakes.USER.accessKey();
        assertEquals("403 generic-forbidden", server.get(Fakes.OTHER, asked).problem());
        assertEquals(200, server.get(Fakes.SUPERADMIN, asked).status());
    }
}
