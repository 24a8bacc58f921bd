// Requests, errors and latency of the last five minutes.
import { byId, element, micros, rate, setText } from "./text.js";
import { color, onTheme } from "./theme.js";

const SECONDS = 300;
const HEIGHT = 150;
let samples = [];
let charts = [];

function add(newest) {
  const last = samples.length ? samples[samples.length - 1][0] : -1;
  // a lower number means that the balancer was restarted
  if (newest.length && newest[newest.length - 1][0] < last) samples = [];
  const known = samples.length ? samples[samples.length - 1][0] : -1;
  samples = samples.concat(newest.filter(sample => sample[0] > known)).slice(-SECONDS);
}

function columns(fields) {
  const last = samples.length ? samples[samples.length - 1][0] : 0;
  const rows = new Map(samples.map(sample => [sample[0], sample]));
  const xs = [];
  const ys = fields.map(() => []);
  for (let number = last - SECONDS + 1; number <= last; number++) {
    const sample = rows.get(number);
    xs.push(number - last);
    fields.forEach((field, i) => ys[i].push(sample ? field(sample) : null));
  }
  return [xs, ...ys];
}

function options(box, series, value) {
  const axis = { stroke: color("soft"), grid: { stroke: color("grid"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
  return {
    width: box.clientWidth || 300,
    height: HEIGHT,
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: false }, y: { range: (chart, low, high) => [0, high > 0 ? high * 1.15 : 1] } },
    axes: [
      { ...axis, values: (chart, ticks) => ticks.map(tick => tick === 0 ? "now" : Math.abs(tick / 60) + " min"), splits: () => [-240, -180, -120, -60, 0], size: 26 },
      { ...axis, values: (chart, ticks) => ticks.map(value), size: 58 },
    ],
    series: [{}, ...series.map(one => ({ label: one.label, stroke: color(one.color), width: 2, dash: one.dash, fill: one.fill ? color(one.color) + "22" : undefined, points: { show: false }, spanGaps: false }))],
  };
}

const CHARTS = [
  { box: "requests-chart", text: "requests-text", value: rate, series: [{ label: "requests", color: "c0", fill: true }], fields: [s => s[1]],
    say: last => ["now " + rate(last[1]) + ", maximum " + rate(Math.max(...samples.map(s => s[1])))] },
  { box: "errors-chart", text: "errors-text", value: rate, series: [{ label: "failed attempts", color: "c5", fill: true }, { label: "without a server", color: "c3", dash: [6, 4] }], fields: [s => s[2], s => s[3]],
    say: last => ["failed attempts " + rate(last[2]), "without a server " + rate(last[3])] },
  { box: "latency-chart", text: "latency-text", value: v => v === 0 ? "0" : micros(Math.round(v)), series: [{ label: "median", color: "c2", fill: true }, { label: "99 %", color: "c6", dash: [6, 4] }], fields: [s => s[4] || null, s => s[5] || null],
    say: last => ["median " + micros(last[4]), "99 % within " + micros(last[5])] },
];

function draw() {
  charts.forEach(chart => chart.plot.destroy());
  charts = CHARTS.map(spec => {
    const box = byId(spec.box);
    return { spec, box, plot: new uPlot(options(box, spec.series, spec.value), columns(spec.fields), box) };
  });
}

/** Shows the newest value of each line beside a sample of the line; solid or dashed, so that colour is not needed. */
function caption(spec, texts) {
  const box = byId(spec.text);
  if (box.childElementCount !== texts.length) {
    box.replaceChildren(...texts.map(() => element("span", "line")));
  }
  texts.forEach((text, i) => {
    const line = box.children[i];
    setText(line, text);
    line.style.setProperty("--line-color", color(spec.series[i].color));
    line.classList.toggle("dashed", Boolean(spec.series[i].dash));
  });
}

export function show(state) {
  add(state.samples);
  if (!charts.length) draw();
  charts.forEach(({ spec, plot }) => {
    plot.setData(columns(spec.fields));
    if (samples.length) caption(spec, spec.say(samples[samples.length - 1]));
  });
}

export function last() {
  return samples[samples.length - 1];
}

export function begin() {
  onTheme(() => { if (charts.length) draw(); });
  new ResizeObserver(() => charts.forEach(({ box, plot }) => {
    if (box.clientWidth && box.clientWidth !== plot.width) plot.setSize({ width: box.clientWidth, height: HEIGHT });
  })).observe(byId("requests-chart"));
}
