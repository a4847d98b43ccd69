package io.slipway.runtime.docker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.core.SSLConfig;
import java.net.URI;

/**
 * What the library is told, with a JSON converter that keeps the types that it has seen in a cache of its own: Jackson's
 * common one would keep the classes of a retired version of this bundle, and with them its loader.
 */
@SuppressWarnings("deprecation") // the interface names a deprecated type
final class EngineConfig implements DockerClientConfig {

    private final DefaultDockerClientConfig settings;
    private final ObjectMapper json;

    EngineConfig(DefaultDockerClientConfig settings) {
        this.settings = settings;
        // as the library's own, but for a module of it that reads each answer three times in order to keep what we
        // never ask
        this.json = JsonMapper.builder()
                .typeFactory(ownTypes())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }

    /** Returns types with a cache of their own. */
    static TypeFactory ownTypes() {
        LookupCache<Object, JavaType> types = new LRUMap<>(64, 1_024);
        return TypeFactory.defaultInstance().withCache(types);
    }

    @Override
    public ObjectMapper getObjectMapper() {
        return json;
    }

    @Override
    public URI getDockerHost() {
        return settings.getDockerHost();
    }

    @Override
    public RemoteApiVersion getApiVersion() {
        return settings.getApiVersion();
    }

    @Override
    public String getRegistryUsername() {
        return settings.getRegistryUsername();
    }

    @Override
    public String getRegistryPassword() {
        return settings.getRegistryPassword();
    }

    @Override
    public String getRegistryEmail() {
        return settings.getRegistryEmail();
    }

    @Override
    public String getRegistryUrl() {
        return settings.getRegistryUrl();
    }

    @Override
    public AuthConfig effectiveAuthConfig(String image) {
        return settings.effectiveAuthConfig(image);
    }

    @Override
    public AuthConfigurations getAuthConfigurations() {
        return settings.getAuthConfigurations();
    }

    @Override
    public SSLConfig getSSLConfig() {
        return settings.getSSLConfig();
    }
}
