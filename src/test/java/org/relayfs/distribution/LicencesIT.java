package org.relayfs.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// `target/relayfs.jar` may be passed on: it says what is packed into it, and under which terms.
class LicencesIT {
    private static final String FOLDER = "META-INF/licenses/";
    private static final Pattern ROW = Pattern.compile(
            "^(?<artifact>[\\w.]+:[\\w-]+)(?: \\(\\w+\\))? +(?<licence>\\S+) +(?<text>\\S+\\.txt) +https://\\S+$",
            Pattern.MULTILINE);
    private static final Pattern OWN_TERMS = Pattern.compile("(?:META-INF/)?(?:LICENSE|LICENCE|NOTICE|COPYING)[^/]*");

    /// Words that are in the text of each licence.
    private static final Map<String, String> WORDS = Map.of(
            "MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy",
            "Apache-2.0", "Apache License Version 2.0, January 2004",
            "EPL-2.0", "Eclipse Public License - v 2.0 THE ACCOMPANYING PROGRAM IS PROVIDED UNDER THE TERMS",
            "BSD-3-Clause", "Neither the name of the copyright holders nor the names of its contributors may be used");

    private PackedJar jar;

    @BeforeEach
    void open() throws IOException {
        jar = new PackedJar();
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    private record Row(String artifact, String licence, String text) {}

    private List<Row> table() throws IOException {
        List<Row> rows = new ArrayList<>();
        Matcher row = ROW.matcher(jar.text(FOLDER + "THIRD-PARTY.txt"));
        while (row.find()) {
            rows.add(new Row(row.group("artifact"), row.group("licence"), row.group("text")));
        }
        return rows;
    }

    private JsonNode components() throws IOException {
        return new ObjectMapper()
                .readTree(jar.text("META-INF/sbom/application.cdx.json"))
                .get("components");
    }

    @Test
    @EnabledIfSystemProperty(
            named = "build.sbom",
            matches = "skipped=false, offline=false",
            disabledReason = "quick and offline builds do not make it")
    void theBillOfMaterialsListsWhatIsPacked() throws Exception {
        List<String> listed = new ArrayList<>();
        for (JsonNode component : components()) {
            String classifier = component.get("purl").textValue().contains("classifier=native") ? "-native" : "";
            listed.add(component.get("name").textValue() + "-"
                    + component.get("version").textValue() + classifier + ".jar");
        }
        List<String> packed = jar.packedJars().stream()
                .map(Path::getFileName)
                .map(Path::toString)
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(packed);
    }

    @Test
    void theTableHasARowForEachArtifactAndNoOther() throws Exception {
        Set<String> listed = table().stream().map(Row::artifact).collect(Collectors.toSet());
        Set<String> packed = new HashSet<>();
        for (Path artifact : jar.packedJars()) {
            // .../GROUP/ARTIFACT/VERSION/FILE
            Path folder = artifact.getParent().getParent();
            String name = ":" + folder.getFileName();
            packed.add(listed.stream()
                    .filter(row -> row.endsWith(name))
                    .filter(row -> folder.endsWith(row.replace('.', '/').replace(':', '/')))
                    .findAny()
                    .orElse(folder.toString()));
        }
        assertThat(packed).hasSizeGreaterThan(10).isEqualTo(listed);
    }

    @Test
    void theTextOfEachLicenceIsThereAndIsUsed() throws Exception {
        List<Row> table = table();
        for (Row row : table) {
            assertThat(spaced(jar.text(FOLDER + row.text)))
                    .as(row.toString())
                    .containsIgnoringCase(WORDS.get(row.licence));
        }
        List<String> texts = jar.names()
                .filter(name -> name.startsWith(FOLDER) && name.endsWith(".txt"))
                .filter(name -> !name.endsWith("THIRD-PARTY.txt"))
                .toList();
        assertThat(table.stream().map(row -> FOLDER + row.text).distinct()).containsExactlyInAnyOrderElementsOf(texts);
    }

    /// Licences and notices that the artifacts bring themselves are taken over word for word.
    @Test
    void theArtifactsOwnTermsAreKept() throws Exception {
        StringBuilder kept = new StringBuilder();
        for (Row row : table()) {
            kept.append(spaced(jar.text(FOLDER + row.text))).append('\n');
        }
        int found = 0;
        for (Path packed : jar.packedJars()) {
            try (JarFile artifact = new JarFile(packed.toFile())) {
                List<String> names = artifact.stream()
                        .map(Object::toString)
                        .filter(name -> OWN_TERMS.matcher(name).matches())
                        .toList();
                for (String name : names) {
                    found++;
                    assertThat(kept.toString())
                            .as(packed + "!" + name)
                            .contains(spaced(PackedJar.text(artifact, name)));
                }
            }
        }
        assertThat(found).as("LICENSE and NOTICE files of what is packed").isPositive();
    }

    /// The words alone: line ends and indents differ.
    private static String spaced(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
