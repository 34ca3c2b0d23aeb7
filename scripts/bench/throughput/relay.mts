import net, { type AddressInfo, type Socket } from 'node:net';

/**
 * A TCP relay that makes a local server as far away as `roundTripMs`.
 * @returns the port that it listens on
 */
export async function startRelay(destinationPort: number, roundTripMs: number): Promise<number> {
	const relay = net.createServer({ noDelay: true }, (near) => {
		const far = net.connect({ port: destinationPort, host: '127.0.0.1', noDelay: true });
		// the handshake of TCP itself took no time: what the client says first waits for it afterwards
		passOn(near, far, roundTripMs / 2, roundTripMs);
		passOn(far, near, roundTripMs / 2, 0);
	});
	await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
	return (relay.address() as AddressInfo).port;
}

function passOn(from: Socket, to: Socket, delayMs: number, firstDelayMs: number) {
	const opened = performance.now();
	const later = (task: () => void) => {
		// none may overtake another: all that comes early waits for the same moment
		const earliest = opened + firstDelayMs + delayMs;
		setTimeout(task, Math.max(delayMs, earliest - performance.now()));
	};
	from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
	from.on('end', () => later(() => to.end()));
	from.on('error', () => to.destroy());
	from.on('close', () => later(() => to.destroy()));
}
