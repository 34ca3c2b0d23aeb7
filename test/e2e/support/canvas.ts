/** What a user does on the canvas and in the panel of nodes beside it. Test IDs of n8n 2.41's editor. */
import type { Locator, Page } from 'playwright-core';

import { NodeForm } from './nodeForm';

export class Canvas {
	constructor(private readonly page: Page) {}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id=canvas-node][data-node-name=${JSON.stringify(name)}]`);
	}

	/** Opens the panel of nodes with the + at the side. */
	async openPanel() {
		await this.page.getByTestId('node-creator-plus-button').click();
		await this.page.getByTestId('node-creator').waitFor();
	}

	/** What the open panel has for these words. */
	async search(words: string): Promise<Locator> {
		const panel = this.page.getByTestId('node-creator');
		await panel.locator('input').first().fill(words);
		return panel;
	}

	/** Picks an entry of the panel by its name; some entries have two, one of them on the first panel only. */
	async pick(name: string | RegExp) {
		const names = this.page.getByTestId('node-creator').getByTestId('node-creator-item-name');
		await names.getByText(name, { exact: true }).first().click();
	}

	/** Until the panel is gone, so that it is not taken for one that opens. */
	async panelClosed() {
		await this.page.getByTestId('node-creator').waitFor({ state: 'detached' });
	}

	/** Opens the panel of nodes with the + below a node: what can be plugged in as a tool. */
	async openTools(node: string) {
		const name = JSON.stringify(node);
		const handle = `[data-test-id=canvas-node-input-handle][data-node-name=${name}][data-connection-type=ai_tool]`;
		const title = this.page.getByTestId('nodes-list-header').getByText('Tools', { exact: true });
		// n8n 2.41 sometimes shows its AI nodes instead, when the panel is opened for the first time
		for (let tries = 0; tries < 3; tries++) {
			await this.page.locator(handle).getByTestId('canvas-handle-plus').click();
			const isThere = await title.waitFor({ timeout: 5_000 }).then(
				() => true,
				() => false,
			);
			if (isThere) return;
			await this.page.keyboard.press('Escape');
			await this.panelClosed();
		}
		throw new Error(`The + below '${node}' does not offer tools`);
	}

	/** Opens the form of a node. */
	async openNode(name: string): Promise<NodeForm> {
		await this.node(name).dblclick();
		return await NodeForm.opened(this.page);
	}

	/** 'Execute workflow', until it is done. */
	async execute() {
		const button = this.page.locator('[data-test-id=execute-workflow-button]');
		await button.click();
		await this.page.getByText('Workflow executed successfully').waitFor();
	}

	/** What n8n says at the lower right, over what is there. */
	async closeNotices() {
		const notices = this.page.locator('.el-notification');
		for (const close of await notices.locator('.el-notification__closeBtn').all()) {
			await close.click();
		}
		await notices.first().waitFor({ state: 'detached' });
	}

	async zoomToFit() {
		await this.page.getByTestId('zoom-to-fit').click();
	}
}
