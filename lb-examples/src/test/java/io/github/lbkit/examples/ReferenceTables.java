package io.github.lbkit.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of docs/reference.md, by what stands between the backticks of their heading, or by the heading itself. */
final class ReferenceTables {
    private static final Pattern HEADING = Pattern.compile("## (?:.*`(?<code>[^`]+)`|(?<words>.*))");

    private ReferenceTables() {}

    /** One line of a table: its cells, without their blanks. */
    record Row(List<String> cells) {
        String name() {
            return cell(0);
        }

        String cell(int index) {
            return cells.get(index);
        }

        /** Whether a cell is words for people. */
        boolean isProse(int index) {
            return cell(index).startsWith("*");
        }
    }

    static Map<String, List<Row>> read() throws IOException {
        Map<String, List<Row>> tables = new LinkedHashMap<>();
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "reference.md"))) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                rows = new ArrayList<>();
                tables.put(heading.group("code") == null ? heading.group("words") : heading.group("code"), rows);
            } else if (line.startsWith("| ")) {
                List<String> cells = new ArrayList<>();
                String inner = line.substring(1, line.lastIndexOf('|')).replace("\\|", "\0");
                for (String cell : inner.split("\\|", -1)) {
                    cells.add(cell.strip().replace("\0", "|"));
                }
                rows.add(new Row(List.copyOf(cells)));
            }
        }
        tables.values().forEach(table -> {
            if (!table.isEmpty()) {
                table.remove(0); // what the columns are called
            }
        });
        return tables;
    }
}
