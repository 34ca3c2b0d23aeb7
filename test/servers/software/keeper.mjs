// keeper.mjs COMMAND ARGUMENTS…: runs a command in a process group of its own, and ends the whole group when
// its standard input closes: whoever started it wants that, or is no more, however it ended. Then exits with
// the command's code. Plain Node, because it has to outlive its parent by some seconds.
import { spawn } from 'node:child_process';

const PATIENCE_MS = 10_000;

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });

/** @returns whether there was a process left to get it */
function signalGroup(signal) {
	try {
		return process.kill(-child.pid, signal);
	} catch (error) {
		if (error.code === 'ESRCH') return false;
		throw error;
	}
}

function end() {
	if (!signalGroup('SIGTERM')) return;
	setTimeout(() => signalGroup('SIGKILL'), PATIENCE_MS).unref();
}

process.stdin.resume().on('close', end);
process.on('SIGTERM', end).on('SIGINT', end).on('SIGHUP', end);

child.on('error', (error) => {
	process.stderr.write(`${command}: ${error.message}\n`);
	process.exit(127);
});
child.on('close', (code) => {
	// what a server leaves running when it crashes
	signalGroup('SIGKILL');
	process.exit(code ?? 1);
});
