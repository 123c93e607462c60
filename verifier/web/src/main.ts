import './zod-config.js';
import './styles/index.css';
import { startApp } from './app/start-app.js';

startApp();
