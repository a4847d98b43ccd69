package io.slipway.lib.http.jetty;

import io.slipway.lib.http.Answer;
import io.slipway.lib.http.Header;
import io.slipway.lib.http.RequestHandler;
import io.slipway.lib.http.Response;
import io.slipway.lib.http.ResponseBody;
import io.slipway.lib.http.WebSocketUpgrade;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes each request to a virtual thread, asks our handler there, and writes its answer. */
final class ExchangeHandler extends Handler.Abstract.NonBlocking {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeHandler.class);

    private final RequestHandler handler;
    private final ThreadFactory threads;
    private final ServerWebSocketContainer sockets;
    private final OpenSockets open;
    private final int maxBodyBytes;
    private final BodyRoom room;

    ExchangeHandler(
            RequestHandler handler,
            ThreadFactory threads,
            ServerWebSocketContainer sockets,
            OpenSockets open,
            int maxBodyBytes) {
        this.handler = handler;
        this.threads = threads;
        this.sockets = sockets;
        this.open = open;
        this.maxBodyBytes = maxBodyBytes;
        this.room = new BodyRoom(maxBodyBytes);
    }

    @Override
    public boolean handle(Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        // a handler that computes is no idle client; stalled reads and writes fail by themselves
        request.addIdleTimeoutListener(timeout -> false);
        threads.newThread(() -> exchange(request, response, callback)).start();
        return true;
    }

    /** Shapes what Jetty refuses by itself. */
    boolean refuse(Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        var status = response.getStatus();
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException failure) {
            status = failure.getCode();
        }
        var known = status >= 400 ? status : HttpStatus.INTERNAL_SERVER_ERROR_500;
        writeRefusal(handler.refuse(known, HttpStatus.getMessage(known)), response, callback);
        return true;
    }

    private static void writeRefusal(Response refusal, org.eclipse.jetty.server.Response response, Callback callback) {
        putHead(response, refusal.status(), refusal.headers());
        var content = refusal.body() instanceof ResponseBody.Whole whole
                ? whole.bytes().duplicate()
                : null;
        response.write(true, content, callback);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: Jetty must learn of every failure, or the connection hangs
    private void exchange(Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        var ours = new JettyRequest(request, maxBodyBytes, open, room);
        try {
            switch (answer(ours)) {
                case Response plain -> write(ours, plain, response, callback);
                case WebSocketUpgrade upgrade -> upgrade(upgrade, request, response, callback);
            }
        } catch (IOException e) {
            LOG.debug(
                    "{} {} broke off", request.getMethod(), request.getHttpURI().getPath(), e);
            var status = blame(e);
            if (status == 0 || response.isCommitted()) {
                callback.failed(e);
            } else {
                writeRefusal(handler.refuse(status, HttpStatus.getMessage(status)), response, callback);
            }
        } catch (Throwable e) {
            LOG.error(
                    "Answer to {} {} failed",
                    request.getMethod(),
                    request.getHttpURI().getPath(),
                    e);
            callback.failed(e);
        } finally {
            ours.release();
        }
    }

    /** Returns the status that says what the client did wrong; 0 if it is gone. */
    private static int blame(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException known) {
                return known.getCode();
            }
            if (cause instanceof TimeoutException) {
                return HttpStatus.REQUEST_TIMEOUT_408;
            }
        }
        return 0;
    }

    @SuppressWarnings("IllegalCatch") // boundary to foreign code: any failure there becomes an answer
    private Answer answer(JettyRequest request) throws IOException {
        try {
            return handler.handle(request);
        } catch (RuntimeException e) {
            LOG.error("Handler of {} {} failed", request.method(), request.path(), e);
            return handler.refuse(500, HttpStatus.getMessage(500));
        }
    }

    private void write(
            JettyRequest request, Response plain, org.eclipse.jetty.server.Response response, Callback callback)
            throws IOException {
        putHead(response, plain.status(), plain.headers());
        switch (plain.body()) {
            case ResponseBody.None none -> writeWhole(request, null, response, callback);
            case ResponseBody.Whole whole -> writeWhole(request, whole.bytes(), response, callback);
            case ResponseBody.Streamed streamed -> {
                if (streamed.length() >= 0) {
                    response.getHeaders().put("Content-Length", Long.toString(streamed.length()));
                }
                var out = Content.Sink.asOutputStream(response);
                streamed.writer().writeTo(out);
                out.close();
                callback.succeeded();
            }
        }
    }

    private static void writeWhole(
            JettyRequest request,
            @org.jspecify.annotations.Nullable ByteBuffer bytes,
            org.eclipse.jetty.server.Response response,
            Callback callback)
            throws IOException {
        var content = bytes == null ? null : bytes.duplicate();
        if (request.isConsumed()) {
            response.write(true, content, callback);
        } else {
            // a client that still sends would see a reset instead of the answer
            Content.Sink.write(response, true, content);
            request.drain();
            callback.succeeded();
        }
    }

    private void upgrade(
            WebSocketUpgrade upgrade, Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        putHeaders(response, upgrade.headers());
        var socket = new JettySocket(upgrade, threads, open);
        var isUpgraded = sockets.upgrade(
                (upgradeRequest, upgradeResponse, ignored) -> {
                    // no compression: little to gain on loopback, and a bomb to guard against
                    upgradeResponse.setExtensions(List.of());
                    return socket;
                },
                request,
                response,
                callback);
        if (!isUpgraded) {
            var refusal = handler.refuse(HttpStatus.BAD_REQUEST_400, "Not a WebSocket handshake");
            writeRefusal(refusal, response, callback);
        }
    }

    private static void putHead(org.eclipse.jetty.server.Response response, int status, List<Header> headers) {
        response.setStatus(status);
        putHeaders(response, headers);
    }

    private static void putHeaders(org.eclipse.jetty.server.Response response, List<Header> headers) {
        var fields = response.getHeaders();
        for (var header : headers) {
            fields.add(header.name(), header.value());
        }
    }
}
