package io.github.lbkit.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Charts as they come out: pixels that are looked at, and SVG that a parser reads. */
class ChartsTest {
    private static final Heading HEADING =
            new Heading("Requests by server", "Uneven: Server 1 got 2.53 times the mean.");

    private static BarChart bars(List<Double> expected, List<Double> measured) {
        return new BarChart(
                HEADING,
                "requests",
                IntStream.rangeClosed(1, expected.size())
                        .mapToObj(i -> "Server " + i)
                        .toList(),
                List.of(
                        new Series("expected", Colour.GREY, true, expected),
                        new Series("measured", Colour.BLUE, false, measured)));
    }

    private static List<Integer> heights(Pixels pixels, Colour colour) {
        List<Integer> heights = new ArrayList<>();
        int last = 0;
        for (int x = 100; x < pixels.image().getWidth(); x++) {
            int height = pixels.tallest(x, colour);
            if (height > 20 && Math.abs(height - last) > 2) {
                heights.add(height);
            }
            last = height;
        }
        return heights;
    }

    private static Document parsed(Drawing drawing) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(drawing.svg().getBytes(StandardCharsets.UTF_8)));
    }

    private static double attribute(Element element, String name) {
        return Double.parseDouble(element.getAttribute(name));
    }

    @Test
    void bars_in_the_png_are_as_high_as_their_values() {
        Drawing drawing = bars(List.of(8437.0, 3000.0, 6000.0), List.of(8000.0, 2000.0, 4000.0))
                .draw();

        List<Integer> heights = heights(Pixels.of(drawing.png(1)), Colour.BLUE);

        assertThat(heights).hasSize(3);
        assertThat(heights.get(0) / (double) heights.get(1)).isBetween(3.9, 4.1);
        assertThat(heights.get(2) / (double) heights.get(1)).isBetween(1.95, 2.05);
    }

    @Test
    void every_character_of_the_assignments_names_is_drawn() {
        for (boolean bold : new boolean[] {false, true}) {
            Rectangle2D phi = Glyphs.of(bold).outline("Φ", 0, 0, 100).getBounds2D();

            assertThat(phi).isNotEqualTo(Glyphs.of(bold).outline("?", 0, 0, 100).getBounds2D());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 9, 30})
    void numbers_above_bars_do_not_touch(int servers) throws Exception {
        List<Double> values = Collections.nCopies(servers, 5249.0);

        NodeList texts = parsed(bars(values, values).draw()).getElementsByTagName("text");

        double free = 0;
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (text.getTextContent().equals("5,249")) {
                double half = Glyphs.of(false).width("5,249", attribute(text, "font-size")) / 2;
                assertThat(attribute(text, "x") - half).isGreaterThan(free);
                free = attribute(text, "x") + half;
            }
        }
    }

    @Test
    void the_svg_has_the_same_bars_and_a_description() throws Exception {
        Drawing drawing = bars(List.of(8437.0, 469.0), List.of(8000.0, 2000.0)).draw();

        Document svg = parsed(drawing);

        NodeList boxes = svg.getElementsByTagName("rect");
        List<Double> blue = new ArrayList<>();
        for (int i = 0; i < boxes.getLength(); i++) {
            Element box = (Element) boxes.item(i);
            if (box.getAttribute("fill").equals(Colour.BLUE.hex()) && attribute(box, "y") > Frame.TOP) {
                blue.add(attribute(box, "height"));
            }
        }
        assertThat(blue).hasSize(2);
        assertThat(blue.get(0) / blue.get(1)).isBetween(3.99, 4.01);
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("Requests by server");
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                .contains("Server 1: expected 8,437, measured 8,000", "2.53 times the mean");
        assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
    }

    @Test
    void markup_in_names_stays_text() throws Exception {
        Drawing drawing = new BarChart(
                        new Heading("<script>alert(1)</script>", "a & b \"c\" \u0001"),
                        "x",
                        List.of("</svg>"),
                        List.of())
                .draw();

        assertThat(parsed(drawing).getElementsByTagName("script").getLength()).isZero();
        assertThat(parsed(drawing).getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("<script>alert(1)</script>");
    }

    @Test
    void text_is_drawn_as_wide_as_the_layout_reckons_and_unknown_characters_are_drawn_too() {
        Glyphs glyphs = Glyphs.of(false);

        assertThat(glyphs.outline("Server 1, 84.37 %", 10, 20, 14).getBounds2D().getMaxX())
                .isBetween(10 + glyphs.width("Server 1, 84.37 ", 14), 10 + glyphs.width("Server 1, 84.37 %", 14));
        assertThat(glyphs.width("\u4e16", 14)).isEqualTo(glyphs.width("?", 14));
        assertThat(Glyphs.of(true).width("Server", 14)).isGreaterThan(glyphs.width("Server", 14));
        assertThat(glyphs.outline(" ", 0, 0, 14).getBounds2D().isEmpty()).isTrue();
    }

    @Test
    void many_servers_keep_their_bars_and_lose_names_that_would_overlap() throws Exception {
        List<Double> hundred = Collections.nCopies(100, 100.0);

        Drawing drawing = bars(hundred, hundred).draw();

        assertThat(parsed(drawing).getElementsByTagName("rect").getLength()).isGreaterThan(200);
        double end = 0;
        NodeList texts = parsed(drawing).getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (text.getTextContent().startsWith("Server ")
                    && !text.getAttribute("font-size").isEmpty()
                    && attribute(text, "y") > 400) {
                double half = Glyphs.of(false).width(text.getTextContent(), Canvas.TEXT) / 2;
                assertThat(attribute(text, "x") - half).isGreaterThan(end);
                end = attribute(text, "x") + half;
            }
        }
        assertThat(end).isPositive();
    }

    @Test
    void a_line_passes_through_its_values() {
        LineChart chart = new LineChart(
                HEADING,
                "servers",
                "requests per server",
                List.of(2.0, 4.0, 6.0),
                List.of(new Series("mean", Colour.BLUE, false, List.of(5000.0, 2500.0, 5000.0))),
                Optional.of(new LineChart.Band(
                        List.of(4000.0, 2000.0, 1000.0), List.of(5000.0, 3000.0, 2000.0), Colour.SKY)));
        Pixels pixels = Pixels.of(chart.draw().png(1));
        Scale up = Scale.fromZero(5000, 5, Frame.HEIGHT - 68, Frame.TOP);
        int middle = (int) ((Frame.LEFT + Frame.RIGHT) / 2);

        assertThat(pixels.is(middle, (int) up.at(2500), Colour.BLUE)).isTrue();
        assertThat(pixels.is(middle, (int) up.at(4500), Colour.WHITE)).isTrue();
        assertThat(pixels.is(middle, (int) up.at(2900), Colour.WHITE))
                .as("the band is shaded")
                .isFalse();
    }

    @Test
    void a_timeline_shows_when_a_server_was_away_and_names_every_moment() throws Exception {
        TimelineChart chart = new TimelineChart(
                new Heading("One server killed", "No request failed."),
                new TimelineChart.Window(0, 4),
                0.1,
                List.of(
                        new TimelineChart.Lane("Server 1", Colour.BLUE, Collections.nCopies(40, 50L), List.of()),
                        new TimelineChart.Lane(
                                "Server 2",
                                Colour.BLUE,
                                IntStream.range(0, 40)
                                        .mapToObj(i -> i < 20 || i > 30 ? 50L : 0L)
                                        .toList(),
                                List.of(new TimelineChart.Window(2, 3.1)))),
                List.of(
                        new TimelineChart.Moment(2, "killed", Colour.VERMILLION),
                        new TimelineChart.Moment(3.9, "first request served by the replacement", Colour.GREEN)));

        Document svg = parsed(chart.draw());
        Pixels pixels = Pixels.of(chart.draw().png(1));

        assertThat(svg.getDocumentElement().getTextContent()).contains("killed", "first request served", "Server 2");
        assertThat(pixels.count(Colour.PALE)).isGreaterThan(10_000);
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).contains("At 2 seconds: killed");
    }

    @Test
    void percentiles_are_as_far_apart_as_their_nines() {
        assertThat(PercentileChart.nines(90)).isBetween(0.999, 1.001);
        assertThat(PercentileChart.nines(99.9)).isBetween(2.999, 3.001);
        assertThat(new PercentileChart(
                                HEADING,
                                "ms",
                                List.of(new PercentileChart.Series(
                                        "closed", Colour.BLUE, List.of(0.1, 1.0, 1.5, 2.0, 3.0, 5.0, 9.0, 12.0))))
                        .draw()
                        .svg())
                .contains("99.99 %", "at percentiles 0.0, 50.0");
    }

    @Test
    void series_that_do_not_match_the_labels_are_refused() {
        assertThatThrownBy(() -> new BarChart(
                        HEADING, "x", List.of("a"), List.of(new Series("s", Colour.BLUE, false, List.of(1.0, 2.0)))))
                .hasMessageContaining("series 's' has 2 values for 1 categories");
        assertThatThrownBy(() -> bars(List.of(1.0), List.of(1.0)).draw().png(9)).hasMessageContaining("scale 9");
    }
}
