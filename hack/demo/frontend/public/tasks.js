// The list of tasks, as the server has it.
import { request } from './api.js';

const element = (id) => document.getElementById(id);
const NOTHING = {
  all: 'Nothing to do. Add your first task above, or tell the assistant.',
  open: 'Nothing left to do.',
  done: 'Nothing done yet.',
};

export class Tasks {
  constructor(attempt) {
    // Runs a request and tells the user what goes wrong.
    this.attempt = attempt;
    this.user = null;
    this.tasks = [];
    // How often the list was changed from here: a list that was asked for before a change is not the list any more.
    this.changes = 0;
    this.filter = 'all';
    element('add-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.add(event.target);
    });
    for (const button of document.querySelectorAll('[data-filter]')) {
      button.addEventListener('click', () => this.choose(button.dataset.filter));
    }
  }

  async load(user) {
    this.user = user;
    let before;
    let tasks;
    do {
      before = this.changes;
      tasks = await request('GET', `/${user.id}/tasks`);
    } while (before !== this.changes);
    this.tasks = tasks;
    this.render();
  }

  clear() {
    this.tasks = [];
    this.choose('all');
  }

  choose(filter) {
    this.filter = filter;
    for (const button of document.querySelectorAll('[data-filter]')) {
      button.setAttribute('aria-pressed', String(button.dataset.filter === filter));
    }
    this.render();
  }

  async add(form) {
    const field = form.elements.title;
    const title = field.value.trim();
    if (!title) return;
    // At once: the next one may be typed while this one is on its way.
    form.reset();
    field.focus();
    const isDone = await this.attempt(async () => {
      const task = await request('POST', `/${this.user.id}/tasks`, { title });
      this.changes += 1;
      // It may be there already, if the list was loaded meanwhile.
      this.tasks = [task, ...this.tasks.filter((other) => other.id !== task.id)].sort((a, b) => b.id - a.id);
      if (this.filter === 'done') this.choose('all');
    });
    if (!isDone && !field.value) field.value = title;
    this.render();
  }

  async toggle(task) {
    await this.attempt(async () => {
      const changed = await request('PATCH', `/${this.user.id}/tasks/${task.id}/complete`);
      this.changes += 1;
      this.tasks = this.tasks.map((other) => (other.id === task.id ? changed : other));
    });
    // Also where it failed: the box shows what is so.
    this.render();
    element('tasks').querySelector(`[data-id="${task.id}"] input`)?.focus();
  }

  async remove(task) {
    const at = this.tasks.findIndex((other) => other.id === task.id);
    await this.attempt(async () => {
      await request('DELETE', `/${this.user.id}/tasks/${task.id}`);
      this.changes += 1;
      this.tasks = this.tasks.filter((other) => other.id !== task.id);
    });
    this.render();
    // Where the keyboard was, or nearby.
    const next = this.tasks[Math.min(at, this.tasks.length - 1)];
    const row = next && element('tasks').querySelector(`[data-id="${next.id}"] .delete`);
    (row ?? element('add-form').elements.title).focus();
  }

  render() {
    const shown = this.tasks.filter((task) => this.filter === 'all' || task.completed === (this.filter === 'done'));
    element('tasks').replaceChildren(...shown.map((task) => this.row(task)));
    element('empty').hidden = shown.length > 0;
    element('empty').textContent = NOTHING[this.filter];
    const open = this.tasks.filter((task) => !task.completed).length;
    element('count').textContent = this.tasks.length ? `${open} open, ${this.tasks.length - open} done` : '';
  }

  row(task) {
    const row = element('task-template').content.firstElementChild.cloneNode(true);
    row.dataset.id = task.id;
    row.querySelector('.title').textContent = task.title;
    const box = row.querySelector('input');
    box.checked = task.completed;
    box.addEventListener('change', () => void this.toggle(task));
    const remove = row.querySelector('.delete');
    remove.setAttribute('aria-label', `Delete ${task.title}`);
    remove.addEventListener('click', () => void this.remove(task));
    return row;
  }
}
