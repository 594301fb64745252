package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.relayfs.tool.daemon.MountSettings;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// `relayfs.1` says what the command line takes, no more and no less.
final class ManPageTest {
    private static final Map<String, CommandLine> COMMANDS =
            RelayfsCommand.commandLine().getSubcommands();

    /// Without aliases.
    static final List<String> NAMES = COMMANDS.entrySet().stream()
            .filter(entry -> entry.getValue().getCommandName().equals(entry.getKey()))
            .map(Map.Entry::getKey)
            .toList();

    private static final Set<String> OF_ALL = Set.of("-h", "--help", "-V", "--version");

    private final ManPage page;

    ManPageTest() throws Exception {
        page = ManPage.of("relayfs.1");
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void everyCommandHasItsSectionAndItsLineInTheSynopsis(String name) {
        assertThat(page.has(name)).isTrue();
        assertThat(page.lines("SYNOPSIS")).contains(".Cm " + name);
    }

    @Test
    void thereAreNoOtherCommands() {
        assertThat(page.lines("SYNOPSIS").stream()
                        .filter(line -> line.startsWith(".Cm "))
                        .map(line -> line.substring(".Cm ".length())))
                .containsExactlyInAnyOrderElementsOf(NAMES);
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void optionsAreThoseOfTheCommand(String name) {
        Set<String> options = new TreeSet<>();
        for (OptionSpec option : COMMANDS.get(name).getCommandSpec().options()) {
            options.addAll(List.of(option.names()));
        }
        options.removeAll(OF_ALL);
        assertThat(page.options(name)).isEqualTo(options);
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void valuesOfOptionsAreCalledAsInTheHelp(String name) {
        for (OptionSpec option : COMMANDS.get(name).getCommandSpec().options()) {
            if (option.arity().max() > 0) {
                String longest = option.longestName().substring(1);
                assertThat(page.items(name))
                        .filteredOn(item -> Pattern.compile("Fl " + longest + "(?![\\w-])")
                                .matcher(item)
                                .find())
                        .singleElement()
                        .asString()
                        .contains("Ar " + option.paramLabel());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void exitCodesAreDocumented(String name) {
        assertThat(page.items("EXIT STATUS").stream()
                        .flatMap(item -> Pattern.compile(" , ").splitAsStream(item)))
                .containsAll(COMMANDS.get(name)
                        .getCommandSpec()
                        .usageMessage()
                        .exitCodeList()
                        .keySet());
    }

    @Test
    void mountOptionsAreThoseThatMountTakes() {
        String known =
                catchThrowable(() -> MountSettings.of(List.of("no_such"))).getMessage();
        Set<String> documented = page.items("mount").stream()
                .flatMap(item ->
                        Pattern.compile("(?:^| , )Cm (\\w+)").matcher(item).results())
                .map(result -> result.group(1))
                .collect(Collectors.toSet());
        Matcher options = Pattern.compile("the options are (.*)$").matcher(known);
        assertThat(options.find()).isTrue();
        assertThat(documented).containsExactlyInAnyOrder(options.group(1).split(", "));
    }

    @Test
    void everyCommandSaysHowItEnds() {
        assertThat(NAMES)
                .filteredOn(name -> COMMANDS.get(name)
                        .getCommandSpec()
                        .usageMessage()
                        .exitCodeList()
                        .isEmpty())
                .containsOnly("completion", "version", "help");
    }
}
