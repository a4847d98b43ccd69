package io.slipway.lib.http;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A bare Jetty that answers everything with the bytes of a file, and prints its port. */
public final class FloorServer {

    private FloorServer() {}

    /** Takes the name of the file. */
    public static void main(String[] args) throws Exception {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of(args[0]))).asReadOnlyBuffer();
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.getHeaders().put("Content-Type", "application/json");
                response.write(true, bytes.duplicate(), callback);
                return true;
            }
        });
        server.start();
        print("port " + connector.getLocalPort());
        server.join();
    }

    private static void print(String line) throws IOException {
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
