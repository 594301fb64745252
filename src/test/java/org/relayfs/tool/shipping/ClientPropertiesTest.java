package org.relayfs.tool.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.tool.cli.ToolException;

final class ClientPropertiesTest {
    @TempDir
    private Path temp;

    @Test
    void thoseOfTheCommandLineGoBeforeThoseOfTheFile() throws Exception {
        Path file = Files.writeString(temp.resolve("p"), "linger.ms=1\nssl.key.password=geheim\n");
        assertThat(ClientProperties.of(file, Map.of("linger.ms", "2")))
                .isEqualTo(Map.of("linger.ms", "2", "ssl.key.password", "geheim"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.key.password",
                "ssl.keystore.key",
                "sasl.jaas.config",
                "sasl.oauthbearer.client.credentials.client.secret",
                "SSL.TRUSTSTORE.PASSWORD"
            })
    void secretsAreRefusedOnTheCommandLineAndNotTold(String key) {
        assertThatThrownBy(() -> ClientProperties.of(null, Map.of(key, "geheim")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("-P " + key)
                .hasMessageContaining("--properties")
                .hasMessageNotContaining("geheim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acks", "transactional.id", "enable.idempotence", "isolation.level", "bootstrap.servers"})
    void whatExactlyOnceDependsOnIsNotTheUsers(String key) throws Exception {
        Path file = Files.writeString(temp.resolve("p"), key + "=1\n");
        assertThatThrownBy(() -> ClientProperties.of(file, Map.of())).hasMessageStartingWith(key + ": ");
        assertThatThrownBy(() -> ClientProperties.of(null, Map.of(key, "1"))).hasMessageStartingWith(key + ": ");
    }

    @Test
    void aBrokenFileIsNamed() throws Exception {
        Path file = Files.writeString(temp.resolve("p"), "a=\\u00zz\n");
        assertThatThrownBy(() -> ClientProperties.of(file, Map.of())).hasMessageStartingWith(file + ": not a file");
    }
}
