import '../../../ui/older-browsers.js';
import '../../../ui/zod-config.js';
import './worker/roles.js';
import './styles/index.css';
import { startApp } from './app/start-app.js';

startApp();
