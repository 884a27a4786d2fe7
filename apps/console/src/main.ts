import { PiniaColada } from '@pinia/colada';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { setUpClient } from './api/ask';
import { i18n } from './i18n';
import { router } from './router';
import './theme/element';
import './theme/tokens.css';
import './theme/base.css';
import './theme/theme';

setUpClient();

createApp(App)
  .use(createPinia())
  .use(PiniaColada, { queryOptions: { staleTime: 5_000, gcTime: 60_000, refetchOnWindowFocus: true } })
  .use(i18n)
  .use(router)
  .mount('#app');
