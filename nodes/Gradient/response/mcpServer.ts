import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { isSafe } from '../../shared/client/transport/baseUrl';
import { asScalar, asText } from '../../shared/form/values';
import type { CreateParameters } from './parameters';

/** The server of the credential 'DigitalOcean Gradient MCP Server API'. */
export interface McpServer {
	url: string;
	token: string;
	/** Whether an address is that of the server: its token goes nowhere else. */
	isAt(url: string): boolean;
}

interface Credential {
	serverUrl: string;
	token: string;
}

/**
 * The MCP server of the credential; undefined where 'MCP Server Credential' is not on, or no row of 'Tools' asks for
 * a server.
 * @throws NodeOperationError, or what n8n throws for a missing credential
 */
export async function readMcpServer(
	context: IExecuteFunctions,
	item: number,
	{ options, tools }: Pick<CreateParameters, 'options' | 'tools'>,
): Promise<McpServer | undefined> {
	const isWanted = asScalar(options.mcpServerCredential) === true;
	if (!isWanted || !tools.some(({ type }) => type === 'mcp')) return undefined;
	const credential = await context.getCredentials<Credential>('gradientMcpServerApi', item);
	const url = asText(credential.serverUrl).trim();
	const address = placeOf(url);
	if (!address) {
		throw new NodeOperationError(
			context.getNode(),
			"'Server URL' in the MCP server's credential must start with https://, or the token would travel unencrypted. http:// is only possible for localhost and private IP addresses",
		);
	}
	const token = asText(credential.token).trim();
	return { url, token, isAt: (other) => placeOf(other) === address };
}

/** undefined where a token must not be sent. A slash at the end makes no other server. */
function placeOf(typed: string): string | undefined {
	const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : undefined;
	if (!url || !isSafe(url)) return undefined;
	return url.origin + url.pathname.replace(/\/+$/, '') + url.search;
}
