// Who is looking at the page, what they may, and how they change something: asked for, confirmed, and answered in words.
'use strict';

const ROLES = ['viewer', 'operator', 'admin'];
let me = { name: null, role: null, mayRead: false };

function may(role) { return ROLES.indexOf(me.role) >= ROLES.indexOf(role); }

// Null where there is no such thing here, or it is not for whoever is looking.
async function ask(path) {
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  if ([401, 403, 404].includes(answer.status)) return null;
  if (!answer.ok) throw new Error(await said(answer));
  return answer.json();
}

async function change(path, form) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(form) });
  if (!answer.ok) throw new Error(await said(answer));
}

// The sentence in problem details (RFC 9457); where it is none, the answer as it is.
async function said(answer) {
  const text = await answer.text();
  try { return JSON.parse(text).detail ?? text; } catch { return text || `The service answered ${answer.status}.`; }
}

// Asks before something is changed. It calls act with the reason that was typed, and stays open with what went wrong.
function confirmed(question, consequence, verb, withReason, act) {
  const dialog = $('confirm');
  const form = dialog.querySelector('form');
  $('confirm-question').textContent = question;
  $('confirm-consequence').textContent = consequence;
  $('confirm-reason').value = '';
  $('confirm-reason').parentElement.hidden = !withReason;
  $('confirm-problem').textContent = '';
  $('confirm-do').textContent = verb;
  form.onsubmit = async event => {
    event.preventDefault();
    $('confirm-do').disabled = true;
    try {
      await act($('confirm-reason').value.trim());
      dialog.close();
    } catch (problem) {
      $('confirm-problem').textContent = problem.message;
    } finally {
      $('confirm-do').disabled = false;
    }
  };
  $('confirm-cancel').onclick = () => dialog.close();
  dialog.showModal();
}

function account() {
  $('who').textContent = me.name ? `${me.name} · ${me.role}` : '';
  $('sign-out').hidden = !me.name;
  $('sign-in-open').hidden = !!me.name || !me.mayRead;
  $('sign-in').hidden = me.mayRead;
  document.querySelector('main').classList.toggle('closed', !me.mayRead);
}

$('sign-in').addEventListener('submit', async event => {
  event.preventDefault();
  $('sign-in-problem').textContent = '';
  try {
    await change('/api/sign-in', { name: $('name').value, password: $('password').value });
    location.reload();
  } catch (problem) {
    $('sign-in-problem').textContent = problem.message;
    $('password').select();
  }
});
$('sign-out').addEventListener('click', () => change('/api/sign-out', {}).finally(() => location.reload()));
$('sign-in-open').addEventListener('click', () => { $('sign-in').hidden = false; $('name').focus(); });

(async () => {
  try {
    me = await get('/api/who');
  } catch {
    connection('broken', 'The service does not answer');
    setTimeout(() => location.reload(), 5000);
    return;
  }
  account();
  if (!me.mayRead) {
    connection('connecting', 'Signed out');
    return;
  }
  start();
  startControl();
})();
