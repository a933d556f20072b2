// The conversation with the assistant.
import { request } from './api.js';

const element = (id) => document.getElementById(id);

export class Chat {
  constructor(attempt, onTasksChanged) {
    this.attempt = attempt;
    this.onTasksChanged = onTasksChanged;
    this.begin(null);
    element('chat-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send(event.target);
    });
    for (const hint of element('hints').querySelectorAll('button')) {
      hint.addEventListener('click', () => void this.ask(hint.textContent));
    }
  }

  begin(user) {
    this.user = user;
    this.conversation = null;
    element('log').replaceChildren();
    this.say('assistant', 'Hello! Tell me what to add, complete or delete.');
  }

  async send(form) {
    const message = form.elements.message.value.trim();
    if (!message) return;
    form.reset();
    if (!(await this.ask(message))) form.elements.message.value = message;
    form.elements.message.focus();
  }

  async ask(message) {
    const user = this.user;
    const said = this.say('user', message);
    const isDone = await this.attempt(async () => {
      const answer = await request('POST', `/${user.id}/chat`, {
        message,
        conversation_id: this.conversation,
      });
      if (user !== this.user) return;
      this.conversation = answer.conversation_id;
      this.say('assistant', answer.reply);
      if (answer.tasks_changed) await this.onTasksChanged();
    });
    if (!isDone) said.remove();
    return isDone;
  }

  say(who, text) {
    const said = document.createElement('p');
    said.className = `said ${who}`;
    said.textContent = text;
    element('log').append(said);
    element('log').scrollTop = element('log').scrollHeight;
    return said;
  }
}
