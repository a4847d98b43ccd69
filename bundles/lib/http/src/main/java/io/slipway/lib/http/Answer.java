package io.slipway.lib.http;

/** What a request gets: a response, or a WebSocket in its place. */
public sealed interface Answer permits Response, WebSocketUpgrade {}
