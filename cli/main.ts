#!/usr/bin/env node
import { nodeContext } from './context.js';
import { runCli } from './run-cli.js';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
process.exitCode = await runCli(process.argv.slice(2), nodeContext());
