// What people decide about devices: who may connect, what each should run, and who has changed what. All of it is shown to those who may see it, and only where
// the service has it.
'use strict';

const CONTROL_EVERY = 5000;
const CONFIG_STATES = {
  'own-file': 'runs its own file', unheard: 'has not asked for a configuration yet', waiting: 'revision # waits for the device', sent: 'revision # was sent',
  'on-trial': 'revision # is on trial', applied: 'revision # is applied', rejected: 'revision # was rejected', reverted: 'revision # was reverted',
  refused: 'revision # is not sent again: the device gave it up before',
};
const TROUBLE = ['rejected', 'reverted', 'refused'];

// Whether a part of the page shows this already: then it is left alone, with whatever has the focus in it.
const shownAlready = new WeakMap();
function shows(part, what) {
  const text = JSON.stringify(what);
  const is = shownAlready.get(part) === text;
  shownAlready.set(part, text);
  return is;
}

function at(iso) { return iso ? new Date(iso).toLocaleString() : '–'; }

function button(text, className, act) {
  const made = element('button', className, text);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

// The part of a device's section that is about decisions; it is there from the first time that something is known.
function controlOf(name) {
  const section = deviceSection(name);
  if (!section.control) {
    const root = element('div', 'control');
    section.control = { root, identity: element('p', 'identity'), config: element('p', 'config'), errors: element('ul', 'errors'), history: historyOf(name) };
    root.append(section.control.identity, section.control.config, section.control.errors, section.control.history);
    section.control.history.hidden = true;
    section.root.insertBefore(root, section.grid);
  }
  return section.control;
}

// Who the device is.

function showIdentity(device) {
  const { identity } = controlOf(device.device);
  if (shows(identity, device)) return;
  const until = device.certificateUntil ? `certificate until ${at(device.certificateUntil)}` : 'no certificate of this service';
  identity.replaceChildren(element('span', '', until), element('span', `standing ${device.standing}`, device.reason ? `${device.standing}: ${device.reason}` : device.standing));
  if (!may('operator')) return;
  const decide = (standing, question, consequence, verb) => confirmed(question, consequence, verb, true, async reason => {
    await change(`/api/admin/devices/${encodeURIComponent(device.device)}/identity`, { standing, reason, restore: false });
    await control();
  });
  if (device.standing === 'active') {
    identity.append(button('Quarantine', '', () => decide('quarantined', `Put ${device.device} into quarantine?`,
      'It may connect and take configurations. It uploads nothing, and keeps what it reads.', 'Quarantine')));
  } else {
    identity.append(button('Release', '', () => decide('active', `Release ${device.device}?`,
      'It may do everything again. What was issued to it before a revocation does not count: then it needs a new enrolment.', 'Release')));
  }
  if (device.standing !== 'revoked') {
    identity.append(button('Revoke', 'bad', () => decide('revoked', `Revoke ${device.device}?`,
      'Its connections end at once, and nothing that it was issued counts any more.', 'Revoke')));
  }
}

// What it runs, and should run.

function showConfig(device) {
  const { config, errors, history } = controlOf(device.device);
  const words = (CONFIG_STATES[device.state] ?? device.state).replace('#', exact.format(device.number));
  const held = device.held !== device.number || TROUBLE.includes(device.state) ? ` · holds ${device.held === 0 ? 'its own file' : `revision ${exact.format(device.held)}`}` : '';
  config.replaceChildren(
    element('span', `state ${TROUBLE.includes(device.state) ? 'bad' : device.state}`, words),
    element('span', '', `${held}${device.versions.length > 0 ? ` · of ${device.versions.join(', ')}` : ''}${device.report ? ` · reported ${ago(device.report.received)}` : ''}`));
  errors.replaceChildren(...errorsOf(device.report));
  history.hidden = false;
}

function errorsOf(report) {
  if (!report) return [];
  const items = report.errors.map(error => element('li', '', error.pointer ? `${error.pointer}: ${error.message}` : error.message));
  if (report.omitted > 0) items.push(element('li', '', `and ${exact.format(report.omitted)} more`));
  return items;
}

// Every revision that the device should have run and everything that it said, read when somebody opens it.
function historyOf(name) {
  const details = element('details', 'history');
  const table = element('table');
  const scroll = element('div', 'scroll');
  scroll.append(table);
  details.append(element('summary', '', 'Revisions and reports'), scroll);
  details.addEventListener('toggle', async () => {
    if (!details.open) return;
    const known = await ask(`/api/admin/config/devices/${encodeURIComponent(name)}`).catch(() => null);
    const rows = [
      ...(known?.revisions ?? []).map(each => [each.made, `revision ${each.number}`, each.state ?? 'nothing reported', `${each.versions.join(', ')}, by ${each.author}`, []]),
      ...(known?.reports ?? []).map(each => [each.received, `report on ${each.number}`, each.outcome, `runs ${each.running === 0 ? 'its own file' : `revision ${each.running}`}`, errorsOf(each)]),
    ].sort((a, b) => a[0] < b[0] ? 1 : -1);
    table.replaceChildren(tableHead(['When', 'What', 'State', 'Details']), tableBody(rows.map(([when, what, state, more, errors]) => {
      const cell = element('td', '', more);
      if (errors.length > 0) {
        const list = element('ul', 'errors');
        list.append(...errors);
        cell.append(list);
      }
      return [at(when), what, state, cell];
    })));
  });
  return details;
}

function tableHead(names) {
  const head = element('thead');
  const row = element('tr');
  row.append(...names.map(name => { const cell = element('th', '', name); cell.scope = 'col'; return cell; }));
  head.append(row);
  return head;
}

function tableBody(rows) {
  const body = element('tbody');
  body.append(...rows.map(cells => {
    const row = element('tr');
    row.append(...cells.map(cell => cell instanceof Element ? cell : element('td', '', cell)));
    return row;
  }));
  return body;
}

// How new versions reach devices.

function showRollouts(rollouts) {
  $('rollouts').hidden = rollouts.length === 0;
  if (shows($('rollouts'), rollouts)) return;
  $('rollouts').querySelector('table').replaceChildren(
    tableHead(['Rollout', 'Layer', 'State', 'Stage', 'Applied', 'Given up', 'Started', '']),
    tableBody(rollouts.slice(0, 20).map(each => {
      const act = element('td');
      if (may('operator') && ['sending', 'soaking'].includes(each.state)) {
        act.append(button('Stop', 'bad', () => confirmed(`Stop rollout ${each.number}?`,
          'Devices that have the version keep it. No further device gets it.', 'Stop', false, async () => {
            await change(`/api/admin/config/rollouts/${each.number}/stop`, {});
            await control();
          })));
      }
      return [
        `${each.number}`, `${each.layer}@${each.version}`, each.reason ? `${each.state}: ${each.reason}` : each.state,
        each.stages.length > 0 ? `${each.stage} of ${each.stages.length} (${each.stages.join(', ')})` : 'all at once',
        each.devices > 0 ? `${exact.format(each.applied)} of ${exact.format(each.devices)}` : '–', exact.format(each.givenUp), `${at(each.started)}, by ${each.author}`, act,
      ];
    })));
}

// Who has changed what.

function showAudit(entries) {
  $('audit').hidden = entries.length === 0;
  if (shows($('audit'), entries)) return;
  $('audit').querySelector('table').replaceChildren(
    tableHead(['When', 'Who', 'What', 'Device', 'Outcome']),
    tableBody(entries.map(each => [
      at(each.time), each.caller, each.note ? `${each.action} (${each.note})` : each.action, each.device ?? '',
      each.outcome === null ? 'not ended' : each.outcome < 300 ? 'done' : each.outcome < 500 ? `refused (${each.outcome})` : `failed (${each.outcome})`,
    ])));
}

// A page of devices is a thousand; the next one begins after the last name.
async function configs() {
  const all = [];
  for (let after = ''; ;) {
    const page = (await ask(`/api/admin/config/devices?after=${encodeURIComponent(after)}`))?.devices ?? [];
    all.push(...page);
    if (page.length < 1000) return all;
    after = page[page.length - 1].device;
  }
}

async function control() {
  const [identities, asked, rollouts, audit] = await Promise.all(
    [ask('/api/admin/devices'), configs(), ask('/api/admin/config/rollouts'), ask('/api/admin/audit?limit=50')]);
  (identities?.devices ?? []).forEach(showIdentity);
  asked.forEach(showConfig);
  showRollouts(rollouts?.rollouts ?? []);
  showAudit(audit?.entries ?? []);
  // Devices that have not uploaded anything are known by what was decided about them.
  if (identities?.devices.length > 0 || asked.length > 0) $('empty').hidden = true;
}

function startControl() {
  if (!me.name) return;
  const look = () => control().catch(() => {}).finally(() => setTimeout(look, CONTROL_EVERY));
  look();
}
