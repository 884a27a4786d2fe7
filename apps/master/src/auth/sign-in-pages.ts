/** The sign-in page: a form and nothing else, for whoever comes to a page of ours without a session. */
export const SIGN_IN_PAGE = page(
  'Sign in',
  `<form id="sign-in">
      <label>User name <input name="username" autocomplete="username" required autofocus></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Sign in</button>
      <p id="message" role="alert"></p>
    </form>
    <script src="/auth/sign-in.js"></script>`,
);

/** What somebody sees whose one-time link is used up, expired or mistyped. */
export const LINK_OVER_PAGE = page(
  'This link is no longer valid',
  `<p>A sign-in link works once, for 15 minutes. Restart fleetcron to get another on its terminal, or set
    <code>FLEETCRON_ADMIN_PASSWORD</code>.</p>
    <p><a href="/auth/sign-in">Sign in with a password</a></p>`,
);

/** Posts the form as JSON and goes where the person wanted to, within this site only. */
export const SIGN_IN_SCRIPT = `'use strict';
const form = document.getElementById('sign-in');
const message = document.getElementById('message');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  message.textContent = '';
  const body = JSON.stringify({ username: form.username.value, password: form.password.value });
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch('/api/v1/auth/login', { method: 'POST', headers, body }).catch(() => undefined);
  if (response && response.ok) {
    const wanted = new URL(new URLSearchParams(location.search).get('next') || '/', location.origin);
    location.replace(wanted.origin === location.origin ? wanted.href : '/');
    return;
  }
  const problem = response ? await response.json().catch(() => undefined) : undefined;
  message.textContent = problem ? problem.detail : 'The server does not answer. Try again.';
});
`;

/** The look of the few pages of ours that are not the console. */
export const SIGN_IN_STYLE = `:root { color-scheme: light dark; --accent: #0f766e; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 15vh auto; padding: 0 1rem; }
h1 { font-size: 20px; font-weight: 600; }
label { display: block; margin: 12px 0; }
input { display: block; width: 100%; box-sizing: border-box; padding: 8px; font: inherit; border: 1px solid #8888; border-radius: 6px; }
button { font: inherit; padding: 8px 16px; border: 0; border-radius: 6px; background: var(--accent); color: #fff; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[role=alert] { color: #b42318; min-height: 1.5em; }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} - fleetcron</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/auth/sign-in.css">
  </head>
  <body>
    <h1>${title}</h1>
    ${body}
  </body>
</html>
`;
}
