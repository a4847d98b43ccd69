package io.slipway.lib.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private final RouteTable<String, String> table = new RouteTable<>(List.of(
            route(HttpMethod.GET, "/"),
            route(HttpMethod.POST, "/session"),
            route(HttpMethod.GET, "/session/_/match"),
            route(HttpMethod.GET, "/session/{session}"),
            route(HttpMethod.DELETE, "/session/{session}"),
            route(HttpMethod.GET, "/session/{session}/logs"),
            route(HttpMethod.POST, "/session/{session}/rename")));

    @Test
    void findsLiteralAndRoot() {
        assertEquals("/", found("GET", "/").route().path());
        assertEquals("/session", found("POST", "/session").route().path());
    }

    @Test
    void decodesParameters() {
        assertEquals("a b", found("GET", "/session/a%20b/logs").parameter("session"));
        assertEquals("ä/x", found("GET", "/session/%C3%A4%2Fx").parameter("session"));
    }

    @Test
    void prefersLiteralButStepsBackWhereItLeadsNowhere() {
        assertEquals(
                "/session/_/match", found("GET", "/session/_/match").route().path());
        assertEquals("_", found("GET", "/session/_/logs").parameter("session"));
        assertEquals("_", found("GET", "/session/_").parameter("session"));
    }

    @Test
    void answersHeadByGet() {
        assertEquals(HttpMethod.GET, found("HEAD", "/session/x").route().method());
    }

    @Test
    void tellsAllowedMethods() {
        assertEquals(Set.of(HttpMethod.GET, HttpMethod.DELETE), wrong("POST", "/session/x"));
        assertEquals(Set.of(HttpMethod.POST), wrong("FROBNICATE", "/session"));
        assertEquals(Set.of(HttpMethod.POST), wrong("get", "/session"));
    }

    @Test
    void knowsNoOtherPath() {
        for (var path : List.of(
                "/session/",
                "//",
                "/session//logs",
                "/x",
                "/session/a/b",
                "*",
                "",
                "/session/..",
                "/session/%2e%2e",
                "/session/.",
                "/session/%zz",
                "/session/%2",
                "/session/%ff",
                "/SESSION")) {
            assertInstanceOf(RouteMatch.NoSuchPath.class, table.find("GET", path), path);
        }
    }

    @Test
    void refusesDoublesAndBadTemplates() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RouteTable<>(List.of(route(HttpMethod.GET, "/a/{b}"), route(HttpMethod.GET, "/a/{c}"))));
        for (var path : List.of("a", "/a/", "/a//b", "/a{b}", "/{}")) {
            assertThrows(IllegalArgumentException.class, () -> route(HttpMethod.GET, path), path);
        }
    }

    private RouteMatch.Found<String, String> found(String method, String path) {
        return switch (table.find(method, path)) {
            case RouteMatch.Found<String, String> found -> found;
            case RouteMatch.NoSuchPath<String, String> none -> fail(path);
            case RouteMatch.WrongMethod<String, String> wrong -> fail(method + " " + path);
        };
    }

    private Set<HttpMethod> wrong(String method, String path) {
        return switch (table.find(method, path)) {
            case RouteMatch.Found<String, String> found -> fail(path);
            case RouteMatch.NoSuchPath<String, String> none -> fail(path);
            case RouteMatch.WrongMethod<String, String> wrong -> wrong.allowed();
        };
    }

    private static Route<String, String> route(HttpMethod method, String path) {
        return new Route<>(method, path, "rule", "target");
    }
}
