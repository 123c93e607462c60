import '../../../ui/older-browsers.js';
import '../../../ui/zod-config.js';
import './styles/index.css';
import './worker/roles.js';
import { startWallet } from './app/start-wallet.js';

startWallet();
