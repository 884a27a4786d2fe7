import { addWords } from '@/i18n';

addWords('signIn', {
  en: {
    title: 'Sign in',
    username: 'User name',
    password: 'Password',
    do: 'Sign in',
    wrong: 'User name or password is wrong.',
    incomplete: 'User name and password, please.',
    about: 'Cron for a fleet of machines: never twice, never silently missed, always an answer to why.',
    linkOver:
      'This link is no longer valid. A sign-in link works once, for 15 minutes. Restart fleetcron to get another on its terminal, or set FLEETCRON_ADMIN_PASSWORD.',
    firstTime:
      'First time here? fleetcron prints a one-time sign-in link on its terminal when it starts without users.',
    endedTitle: 'Your session has ended',
    endedText: 'Sign in to go on. Nothing you typed is lost.',
  },
  zh: {
    title: '登录',
    username: '用户名',
    password: '密码',
    do: '登录',
    wrong: '用户名或密码错误。',
    incomplete: '请填写用户名和密码。',
    about: '面向机器集群的定时调度：绝不重复执行，绝不无声错过，每个“为什么”都有答案。',
    linkOver:
      '该链接已失效。登录链接只能使用一次，15 分钟内有效。重启 fleetcron 可在终端获得新链接，或设置 FLEETCRON_ADMIN_PASSWORD。',
    firstTime: '第一次使用？没有用户时，fleetcron 启动后会在终端打印一次性登录链接。',
    endedTitle: '会话已结束',
    endedText: '请重新登录以继续，已填写的内容不会丢失。',
  },
});
