package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RelayfsCommandTest {
    private static final Set<String> SHOW_ALL = Set.of("completion", "help");

    @Test
    void eachNameAndAliasBringsItsCommandAloneUnlessThatShowsAllOthers() {
        Map<String, CommandLine> all = RelayfsCommand.commandLine().getSubcommands();
        assertThat(all).containsKeys("mount", "umount", "unmount", "version");
        for (Map.Entry<String, CommandLine> command : all.entrySet()) {
            Map<String, CommandLine> brought =
                    RelayfsCommand.commandLine(command.getKey(), "--help").getSubcommands();
            assertThat(brought).as(command.getKey()).containsKey(command.getKey());
            assertThat(type(brought.get(command.getKey()))).isEqualTo(type(command.getValue()));
            assertThat(brought.values().stream().distinct())
                    .as(command.getKey())
                    .hasSize(
                            SHOW_ALL.contains(command.getKey())
                                    ? (int) all.values().stream().distinct().count()
                                    : 1);
        }
    }

    @Test
    void whatIsNoCommandBringsAll() {
        int all = RelayfsCommand.commandLine().getSubcommands().size();
        assertThat(RelayfsCommand.commandLine("--help").getSubcommands()).hasSize(all);
        assertThat(RelayfsCommand.commandLine("lst").getSubcommands()).hasSize(all);
        assertThat(RelayfsCommand.commandLine(new String[0]).getSubcommands()).hasSize(all);
    }

    private static Class<?> type(CommandLine command) {
        return command.getCommandSpec().userObject().getClass();
    }
}
