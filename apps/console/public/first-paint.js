// Sets language and theme before anything is painted. A file of its own: the page allows no inline script.
(() => {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem('fleetcron.theme');
    language = localStorage.getItem('fleetcron.language');
  } catch {}
  const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.classList.toggle('dark', isDark);
  root.lang = language || (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
})();
