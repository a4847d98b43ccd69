package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.slipway.agent.api.FileContent;
import io.slipway.lib.http.Header;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.ResponseBody;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;

/** Several archives in one body of the type {@code multipart/mixed}, streamed, with its length. */
final class MixedParts {

    private static final byte[] LINE_END = {'\r', '\n'};

    private final String boundary = UUID.randomUUID().toString();
    private final List<FileContent> contents;

    private MixedParts(List<FileContent> contents) {
        this.contents = contents;
    }

    /** Returns a response that closes the archives when they are sent or the client is gone. */
    static Response response(List<FileContent> contents) {
        var parts = new MixedParts(contents);
        var type = new Header("Content-Type", "multipart/mixed; boundary=" + parts.boundary);
        return new Response(200, List.of(type), new ResponseBody.Streamed(parts.length(), parts::writeTo));
    }

    private byte[] head(FileContent content) {
        return ("--" + boundary
                        + "\r\nContent-Type: application/x-tar\r\nContent-Encoding: identity\r\nContent-Length: "
                        + content.length() + "\r\n\r\n")
                .getBytes(US_ASCII);
    }

    private byte[] end() {
        return ("--" + boundary + "--\r\n").getBytes(US_ASCII);
    }

    private long length() {
        var length = (long) end().length;
        for (var content : contents) {
            length += head(content).length + content.length() + LINE_END.length;
        }
        return length;
    }

    private void writeTo(OutputStream out) throws IOException {
        try {
            for (var content : contents) {
                out.write(head(content));
                content.writeTo(out);
                out.write(LINE_END);
            }
            out.write(end());
        } finally {
            contents.forEach(FileContent::close);
        }
    }
}
