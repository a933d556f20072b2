// What somebody does in the app.

/** The window of a computer, and of a phone. */
export const DESK = { width: 1180, height: 760 };
export const PHONE = { width: 390, height: 844, isPhone: true };

/** Opens the app in a window of its own and makes an account. */
export async function signUp(chromium, url, view, email, name = 'Ada') {
  const page = await chromium.open(view);
  await page.go(url);
  await page.see('Welcome back');
  await page.click('#account-switch');
  await page.fill('[name=name]', name);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', 'correct horse battery');
  await page.press('Enter');
  await page.see('Sign out');
  return page;
}

/** Adds a task, and waits until it heads the list. */
export async function add(page, title) {
  await page.fill('#add-form input', title);
  await page.press('Enter');
  await page.until(`document.querySelector('.task .title')?.textContent === ${JSON.stringify(title)}`);
}
