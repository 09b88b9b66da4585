// The page: devices, their series, and what was lost. It builds elements and sets their text, never HTML, because every
// name and text on it comes from a device.
'use strict';

const POINTS = 120;               // readings in a sparkline: more than its pixels can tell apart on a phone
const RECENT_SECONDS = 120;       // a device that was heard of within this time counts as there
const UNITS = { Cel: '°C', '[degF]': '°F', K: 'K', '[ppm]': 'ppm', '[ppb]': 'ppb', deg: '°', Ohm: 'Ω', uV: 'µV', um: 'µm', 'ug/m3': 'µg/m³', m3: 'm³', 'm/s2': 'm/s²', 'W/m2': 'W/m²', '1': '' };

const cards = new Map();          // series id -> card
const devices = new Map();        // device name -> section
const $ = id => document.getElementById(id);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function svg(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function get(path) {
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// Numbers, units and times, in words.

const count = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat();

function bytes(number) {
  const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
  let step = 0;
  while (number >= 1000 && step < steps.length - 1) { number /= 1000; step++; }
  return `${step === 0 || number >= 100 ? Math.round(number) : number.toFixed(1)} ${steps[step]}`;
}

function shown(value, digits = 5) {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number') return value;
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return exact.format(value);
  const size = Math.abs(value);
  return size >= 1e7 || size < 1e-3 ? value.toExponential(3) : String(Number(value.toPrecision(digits)));
}

function unitOf(unit) { return Object.hasOwn(UNITS, unit) ? UNITS[unit] : unit; }

function ago(iso) {
  const seconds = Math.round((Date.now() - Date.parse(iso)) / 1000);
  if (seconds < -60) return 'clock ahead';
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

const QUALITIES = { uncertain: 'uncertain', 'no-response': 'no response', checksum: 'bad checksum', 'not-ready': 'not ready', 'out-of-range': 'out of range', failed: 'failed' };

// A device and its series.

function deviceSection(name) {
  let section = devices.get(name);
  if (!section) {
    const root = element('article', 'device');
    const head = element('header');
    const title = element('h2');
    const dot = element('span', 'dot');
    dot.setAttribute('aria-hidden', 'true');
    title.append(dot, element('span', '', name));
    const meta = element('p', 'meta');
    head.append(title, meta);
    const grid = element('ul', 'grid');
    root.append(head, grid);
    section = { name, root, dot, meta, grid, lastSeen: null, version: '', waiting: '' };
    devices.set(name, section);
    const after = [...devices.keys()].sort().indexOf(name);
    $('devices').insertBefore(root, $('devices').children[after] ?? null);
  }
  return section;
}

function card(series) {
  let found = cards.get(series.id);
  if (found) return found;
  const root = element('li', 'series');
  const value = element('span', 'value');
  const unit = element('span', 'unit');
  const quality = element('span', 'quality');
  const reading = element('div', 'reading');
  reading.append(value, unit, quality);
  const plot = element('div', 'plot');
  const range = element('span');
  const when = element('span');
  const foot = element('div', 'foot');
  foot.append(range, when);
  const thinned = element('p', 'thinned');
  thinned.hidden = true;
  const silent = element('p', 'silent');
  silent.hidden = true;
  root.append(element('h3', '', series.name), reading, plot, foot, silent, thinned);
  found = { id: series.id, device: series.device, name: series.name, root, value, unit, quality, plot, range, when, silent, thinned, windows: new Map(), entries: 0, points: null, last: null };
  cards.set(series.id, found);
  const section = deviceSection(series.device);
  const names = [...cards.values()].filter(other => other.device === series.device).map(other => other.name).sort();
  section.grid.insertBefore(root, section.grid.children[names.indexOf(series.name)] ?? null);
  onScreen.observe(root);
  root.dataset.series = series.id;
  return found;
}

function show(target, last, unit) {
  target.last = last;
  if (!last) { target.value.textContent = '–'; target.quality.hidden = true; return; }
  target.value.textContent = shown(last.value);
  target.value.className = `value ${last.value === null ? 'none' : typeof last.value === 'number' ? '' : 'text'}`;
  target.value.title = last.value === null ? '' : String(last.value);
  target.unit.textContent = last.value === null ? '' : unitOf(unit);
  target.quality.hidden = last.quality === 'good';
  target.quality.className = `quality ${last.quality === 'uncertain' ? 'uncertain' : ''}`;
  target.quality.textContent = QUALITIES[last.quality] ?? '';
  target.when.textContent = ago(last.time);
  target.when.title = last.time;
}

// Aggregates are series of their own. They are shown with the series that they are of; where nothing but aggregates is left of it, in its place.

function showAggregates(all) {
  const readings = new Map(all.filter(series => !series.aggregate).map(series => [`${series.device}/${series.name}`, series.id]));
  const last = new Map(all.filter(series => series.aggregate?.function === 'last').map(series => [`${series.device}/${series.aggregate.of}`, series]));
  for (const each of all) {
    if (!each.aggregate) continue;
    const path = `${each.device}/${each.aggregate.of}`;
    const stand = readings.has(path) ? null : last.get(path);
    if (!readings.has(path) && !stand) continue;
    if (!stand && cards.has(each.id)) {      // its readings have come: they take its place
      cards.get(each.id).root.remove();
      cards.delete(each.id);
    }
    const target = card({ id: readings.get(path) ?? stand.id, device: each.device, name: each.aggregate.of });
    if (stand === each) show(target, each.last, each.unit);
    const seconds = each.aggregate.windowSeconds;
    if (!target.windows.has(seconds)) target.windows.set(seconds, {});
    target.windows.get(seconds)[each.aggregate.function] = each;
  }
  for (const target of cards.values()) {
    const entries = [...target.windows.values()].reduce((sum, of) => sum + (of.count?.entries ?? 0), 0);
    if (entries !== target.entries && target.points) { target.points = null; load(target); }
    target.entries = entries;
    const words = [...target.windows].map(([seconds, of]) => `${exact.format(of.count?.entries ?? 0)} of ${seconds < 120 ? `${seconds} s` : `${seconds / 60} min`}`);
    target.thinned.hidden = words.length === 0;
    target.thinned.textContent = `thinned windows: ${words.join(', ')}`;
  }
}

// The newest windows of a series of numbers, as points with a low and a high.
async function bands(target) {
  const points = [];
  for (const [seconds, of] of target.windows) {
    if (!of.min || !of.max || !of.mean) continue;
    const [low, high, mean] = await Promise.all([of.min, of.max, of.mean].map(each => get(`/api/readings?series=${each.id}&order=desc&limit=${POINTS}`)));
    mean.readings.forEach((point, i) => {
      if (point.value !== null) points.push({ ...point, low: low.readings[i].value, high: high.readings[i].value, seconds });
    });
  }
  return points;
}

// A series' last readings: a line for numbers, steps for booleans, the last changes for texts.

function draw(target) {
  const points = target.points;
  if (!points || points.length === 0) return;
  const isText = points.some(point => typeof point.value === 'string' && !['NaN', 'Infinity', '-Infinity'].includes(point.value));
  target.plot.replaceChildren(isText ? states(points) : sparkline(target, points));
}

function states(points) {
  const list = element('ul', 'states');
  const changes = points.filter((point, i) => i === 0 || point.value !== points[i - 1].value).slice(-2).reverse();
  for (const change of changes) list.append(element('li', '', `${new Date(change.time).toLocaleTimeString()}  ${shown(change.value)}`));
  return list;
}

function sparkline(target, points) {
  const width = 240, height = 48, pad = 3;
  const isBoolean = points.some(point => typeof point.value === 'boolean');
  const numbers = points.map(point => typeof point.value === 'boolean' ? Number(point.value) : typeof point.value === 'number' ? point.value : null);
  const known = points.flatMap((point, i) => point.low === undefined ? [numbers[i]] : [point.low, point.high]).filter(number => typeof number === 'number');
  const image = svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' });
  let low = known.length ? Math.min(...known) : 0, high = known.length ? Math.max(...known) : 1;
  if (isBoolean) { low = 0; high = 1; }
  const label = known.length === 0 ? 'no values' : `${points.length} ${points.some(point => point.seconds) ? 'readings and thinned windows' : 'readings'} from ${shown(low, 4)} to ${shown(high, 4)} ${unitOf(target.unit.textContent)}`;
  image.setAttribute('aria-label', label);
  target.range.textContent = known.length && !isBoolean ? (low === high ? 'steady' : `${shown(low, 4)} … ${shown(high, 4)}`) : `${points.length} readings`;
  const first = Date.parse(points[0].time), span = Date.parse(points[points.length - 1].time) - first;
  const x = i => span > 0 ? (Date.parse(points[i].time) - first) / span * width : width / 2;
  const y = number => high === low ? height / 2 : height - pad - (number - low) / (high - low) * (height - 2 * pad);
  // A bar from low to high for each window that was thinned.
  points.forEach((point, i) => {
    if (point.low === undefined) return;
    const wide = Math.max(span > 0 ? point.seconds * 1000 / span * width : 0, 2);
    image.append(svg('path', { class: 'band', d: `M${x(i).toFixed(1)} ${(y(point.high) - .5).toFixed(1)}h${wide.toFixed(1)}V${(y(point.low) + .5).toFixed(1)}h-${wide.toFixed(1)}Z` }));
  });
  let run = [];
  const finish = () => {
    if (run.length === 1) image.append(svg('path', { class: 'lone', d: `M${run[0][0].toFixed(1)} ${run[0][1].toFixed(1)}h.01` }));
    if (run.length > 1) {
      let d = `M${run[0][0].toFixed(1)} ${run[0][1].toFixed(1)}`;
      for (const [px, py] of run.slice(1)) d += isBoolean ? `H${px.toFixed(1)}V${py.toFixed(1)}` : `L${px.toFixed(1)} ${py.toFixed(1)}`;
      image.append(svg('path', { class: 'area', d: `${d}V${height}H${run[0][0].toFixed(1)}Z` }), svg('path', { class: 'trace', d }));
    }
    run = [];
  };
  numbers.forEach((number, i) => {
    if (number === null) {
      finish();
      image.append(svg('path', { class: 'missing', d: `M${x(i).toFixed(1)} ${height}v-6` }));
    } else {
      run.push([x(i), y(number)]);
    }
  });
  finish();
  return image;
}

async function load(target) {
  if (target.points) return;
  target.points = [];
  try {
    const { readings } = await get(`/api/readings?series=${target.id}&order=desc&limit=${POINTS}`);
    // Of a series that is there only as aggregates, the last values of its windows are those of the card itself.
    const own = [...target.windows.values()].some(of => of.last?.id === target.id && of.min) ? [] : readings;
    const moment = point => Date.parse(point.time);
    target.points = [...own, ...await bands(target)].sort((a, b) => moment(a) - moment(b)).slice(-POINTS);
    draw(target);
  } catch {
    target.points = null;          // tried again when it scrolls into view next
  }
}

// Only what is seen is loaded: a site may have thousands of series.
const onScreen = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (entry.isIntersecting) load(cards.get(Number(entry.target.dataset.series)));
  }
}, { rootMargin: '200px' });

function changed(update) {
  if (update.aggregate) return;    // those come long after they were measured, many at once: the page reads them all again
  const target = card({ id: update.series, device: update.device, name: update.name });
  show(target, update.last, update.unit);
  const points = target.points;
  if (points && (points.length === 0 || update.last.unixNanoseconds >= points[points.length - 1].unixNanoseconds)) {
    points.push(update.last);
    if (points.length > POINTS) points.shift();
    draw(target);
  }
  target.root.classList.remove('fresh');
  void target.root.offsetWidth;    // starts the animation again
  target.root.classList.add('fresh');
  const section = deviceSection(update.device);
  section.lastSeen = new Date().toISOString();
}

// The whole, and what is counted.

function age() {
  for (const section of devices.values()) {
    const isThere = section.lastSeen && Date.now() - Date.parse(section.lastSeen) < RECENT_SECONDS * 1000;
    section.dot.className = `dot ${isThere ? 'live' : 'gone'}`;
    section.meta.textContent = section.lastSeen ? `${isThere ? 'last seen' : 'silent, last seen'} ${ago(section.lastSeen)}${section.version ? ` · agent ${section.version}` : ''}${section.waiting}` : '';
  }
  for (const target of cards.values()) if (target.last) target.when.textContent = ago(target.last.time);
}

function filter() {
  const wanted = $('filter').value.trim().toLowerCase();
  for (const section of devices.values()) {
    let any = false;
    for (const target of cards.values()) {
      if (target.device !== section.name) continue;
      const matches = `${target.device}/${target.name}`.toLowerCase().includes(wanted);
      target.root.hidden = !matches;
      target.root.style.setProperty('display', matches ? '' : 'none');
      any ||= matches;
    }
    section.root.hidden = wanted !== '' && !any;
  }
}

// What the device has still to send of what it could not send in time, as it said itself when it last opened a session.
function waiting(spools) {
  const late = spools.filter(spool => spool.lane === 'backlog' && spool.waiting).map(spool => spool.waiting);
  if (late.length === 0) return '';
  const total = late.reduce((sum, each) => sum + each.bytes, 0);
  const oldest = Math.max(...late.map(each => each.oldestAgeSeconds));
  const end = late.every(each => each.drainedInSeconds !== null) ? `sent in about ${lasting(Math.max(...late.map(each => each.drainedInSeconds)))}` : 'no end in sight yet';
  return ` · backlog of ${bytes(total)}, ${lasting(oldest)} old, ${end}`;
}

function lasting(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

// What was to be expected and has not come, with the cause that the service sees.

const SILENCES = { 'device-offline': 'the device is offline', silent: 'the device sends nothing about it' };

async function silences() {
  const { series } = await get('/api/silent');
  const found = new Map(series.map(each => [each.id, each]));
  for (const target of cards.values()) {
    const silence = found.get(target.id);
    target.silent.hidden = !silence;
    target.silent.textContent = silence
      ? `silent for ${lasting((Date.now() - Date.parse(silence.heard)) / 1000)}, expected every ${lasting(silence.expectedIntervalSeconds)}: ${SILENCES[silence.cause] ?? `the sensor reports ${QUALITIES[silence.cause] ?? silence.cause}`}`
      : '';
  }
}

function cause(word) { return word === 'thinned' ? 'thinned, kept as aggregates' : word; }

async function totals() {
  const [summary, { gaps }, { losses }] = await Promise.all([get('/api/summary'), get('/api/gaps?limit=20'), get('/api/losses')]);
  const rows = [
    ['Devices', exact.format(summary.devices)],
    ['Series', exact.format(summary.series)],
    ['Readings', count.format(summary.readings), exact.format(summary.readings)],
    ...(summary.aggregates > 0 ? [['Aggregates', count.format(summary.aggregates), `${exact.format(summary.aggregates)}, of ${exact.format(summary.readingsThinned)} readings that devices have thinned`]] : []),
    ['Received', bytes(summary.bytesReceived)],
    ['Duplicates skipped', count.format(summary.duplicatesSkipped), 'records that came again and were not stored twice'],
    ['Reported lost', count.format(summary.readingsLost), `${exact.format(summary.gaps)} entries in the loss ledger`, summary.readingsLost > 0 ? 'lost' : ''],
    ...(summary.readingsThinned > 0 ? [['Thinned', count.format(summary.readingsThinned), 'readings of which aggregates are stored']] : []),
  ];
  $('summary').replaceChildren(...rows.map(([name, value, title, className]) => {
    const row = element('div', className);
    if (title) row.title = title;
    row.append(element('dt', '', name), element('dd', '', value));
    return row;
  }));
  $('losses').hidden = gaps.length === 0;
  $('causes').replaceChildren(...losses.map(loss => element('li', '',
    `${loss.device}: ${cause(loss.cause)}: ${exact.format(loss.readings)} readings, ${exact.format(loss.entries)} ${loss.entries === 1 ? 'entry' : 'entries'}${loss.entriesUnknown > 0 ? `, ${exact.format(loss.entriesUnknown)} of unknown size` : ''}`)));
  $('losses').querySelector('tbody').replaceChildren(...gaps.map(gap => {
    const row = element('tr');
    row.append(
      element('td', '', new Date(gap.received).toLocaleString()), element('td', '', gap.device), element('td', '', gap.lane), element('td', '', cause(gap.cause)),
      element('td', 'n', gap.readingsLost === 0 ? 'unknown' : `${gap.reportedFrom < gap.from ? '≤ ' : ''}${exact.format(gap.readingsLost)}`),
      element('td', 'n', gap.from === gap.to ? `${gap.from}` : `${gap.from} – ${gap.to}`));
    return row;
  }));
  if (!summary.storeWorks) connection('broken', 'The database does not work');
}

async function everything() {
  const [known, { series }] = await Promise.all([get('/api/devices'), get('/api/series')]);
  for (const device of known.devices) {
    const section = deviceSection(device.name);
    section.lastSeen = device.lastSeen;
    section.version = device.agentVersion;
    section.waiting = waiting(device.spools);
  }
  for (const each of series) if (!each.aggregate) show(card(each), each.last, each.unit);
  showAggregates(series);
  $('empty').hidden = devices.size > 0;
  $('empty').textContent = 'No device has uploaded anything yet. Devices connect to the ingest port with a certificate; readings appear here as they arrive.';
  filter();
  age();
  await totals();
  await silences();
}

function connection(state, text) {
  $('connection').dataset.state = state;
  $('connection').lastElementChild.textContent = text;
}

let reloading = null;
function reload() {
  // One at a time, and not more often than it takes.
  reloading ??= everything().catch(() => connection('broken', 'The service does not answer')).finally(() => { reloading = null; });
  return reloading;
}

function live() {
  const events = new EventSource('/api/live');
  events.addEventListener('open', () => { connection('live', 'Live'); reload(); });
  events.addEventListener('error', () => connection('broken', 'Reconnecting'));
  events.addEventListener('reload', reload);
  events.addEventListener('readings', event => {
    const updates = JSON.parse(event.data);
    const isNew = updates.some(update => update.aggregate || !cards.has(update.series));
    updates.forEach(changed);
    if (isNew) { filter(); reload(); }
    age();
  });
}

$('filter').addEventListener('input', filter);

// Begun by account.js, as soon as whoever is looking may see it.
function start() {
  reload().finally(live);
  setInterval(age, 1000);
  setInterval(() => { totals().catch(() => {}); silences().catch(() => {}); }, 5000);
}
