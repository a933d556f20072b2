// Signing up and in. Who it is stays in the browser's storage for the next visit; what proves it is the cookie.
import { request } from './api.js';

const KEY = 'taskflow.user';
const element = (id) => document.getElementById(id);

export class Account {
  constructor(onSignedIn) {
    this.onSignedIn = onSignedIn;
    this.isNew = false;
    element('account-switch').addEventListener('click', () => this.show(!this.isNew));
    element('account-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit(new FormData(event.target));
    });
  }

  /** Who was here last, and may still be signed in. */
  known() {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch {
      return null;
    }
  }

  forget() {
    localStorage.removeItem(KEY);
  }

  show(isNew) {
    this.isNew = isNew;
    element('account-title').textContent = isNew ? 'Make an account' : 'Welcome back';
    element('account-lead').textContent = isNew ? 'A name, an address, a password: that is all.' : 'Sign in to see your tasks.';
    element('account-submit').textContent = isNew ? 'Sign up' : 'Sign in';
    element('account-question').textContent = isNew ? 'Been here before?' : 'New here?';
    element('account-switch').textContent = isNew ? 'Sign in' : 'Make an account';
    element('name-field').hidden = !isNew;
    element('password-hint').hidden = !isNew;
    const { password } = element('account-form').elements;
    password.autocomplete = isNew ? 'new-password' : 'current-password';
    password.minLength = isNew ? 8 : 1;
    this.complain('');
  }

  async submit(fields) {
    element('account-submit').disabled = true;
    try {
      const wanted = { email: fields.get('email'), password: fields.get('password') };
      if (this.isNew) wanted.name = fields.get('name');
      const { user } = await request('POST', this.isNew ? '/auth/signup' : '/auth/signin', wanted);
      localStorage.setItem(KEY, JSON.stringify({ id: user.id, name: user.name || user.email }));
      element('account-form').reset();
      this.complain('');
      this.onSignedIn(this.known());
    } catch (error) {
      this.complain(error.message);
    } finally {
      element('account-submit').disabled = false;
    }
  }

  complain(message) {
    const text = message && message[0].toUpperCase() + message.slice(1) + '.';
    element('account-error').textContent = text;
    element('account-error').hidden = !text;
  }
}
