// What is shown: the account's form, or the tasks and the assistant.
import { Account } from './account.js';
import { request } from './api.js';
import { Chat } from './chat.js';
import { Tasks } from './tasks.js';

// Milliseconds until a server that is away is asked again.
const PAUSE = 2000;

const element = (id) => document.getElementById(id);
const account = new Account(enter);
const tasks = new Tasks(attempt);
const chat = new Chat(attempt, () => tasks.load(user));
let user = null;
let again = 0;

element('sign-out').addEventListener('click', async () => {
  if (await attempt(() => request('POST', '/auth/signout'))) leave('');
});

const known = account.known();
if (known) void enter(known);
else leave('');

async function enter(somebody) {
  user = somebody;
  element('account').hidden = true;
  element('board').hidden = false;
  element('who').hidden = false;
  element('who-name').textContent = somebody.name;
  chat.begin(somebody);
  await load();
}

function leave(notice) {
  user = null;
  clearTimeout(again);
  account.forget();
  account.show(false);
  tasks.clear();
  element('account').hidden = false;
  element('board').hidden = true;
  element('who').hidden = true;
  tell(notice);
}

/** Loads the list; while the server is away, again and again. */
async function load() {
  clearTimeout(again);
  const somebody = user;
  await attempt(() => tasks.load(somebody), () => {
    if (user === somebody) again = setTimeout(load, PAUSE);
  });
}

/** Runs what may fail, says what went wrong, and whether it worked. */
async function attempt(action, onPassing = () => {}) {
  try {
    await action();
    tell('');
    return true;
  } catch (error) {
    if (error.status === 401) {
      leave('Please sign in again.');
    } else if (error.passes) {
      tell('The server cannot be reached right now. Nothing is lost: please try again in a moment.');
      onPassing();
    } else {
      tell(`That did not work: ${error.message}.`);
    }
    return false;
  }
}

function tell(text) {
  element('notice').textContent = text;
  element('notice').hidden = !text;
}
