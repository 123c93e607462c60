import '../../../ui/older-browsers.js';
import '../../../ui/zod-config.js';
import '../../../ui/styles/index.css';
import { startApp } from './app/start-app.js';

startApp();
