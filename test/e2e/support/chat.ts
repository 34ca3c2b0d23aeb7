/** The chat panel of n8n's editor. Test IDs and classes of n8n 2.41. */
import type { Locator, Page } from 'playwright-core';

/** What runs in the browser: its types are not among those of this project. */
declare const document: {
	body: object;
	querySelectorAll(selector: string): ArrayLike<{ innerText: string }>;
};
declare const window: { seenTexts?: string[] };
declare const MutationObserver: new (changed: () => void) => {
	observe(target: object, options: object): void;
};

export class Chat {
	private readonly messages: Locator;

	private constructor(private readonly page: Page) {
		this.messages = page.locator('.chat-message');
	}

	static async open(page: Page): Promise<Chat> {
		await page.getByTestId('workflow-chat-button').click();
		await page.getByTestId('chat-input').waitFor();
		return new Chat(page);
	}

	/** Draws its upper edge up, which leaves room for an answer. */
	async enlarge(by = 220) {
		const edge = await this.page
			.getByTestId('logs-panel')
			.getByTestId('resize-handle')
			.first()
			.boundingBox();
		if (!edge) throw new Error('The chat has no edge to draw at');
		const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2];
		await this.page.mouse.move(x, y);
		await this.page.mouse.down();
		await this.page.mouse.move(x, y - by, { steps: 5 });
		await this.page.mouse.up();
	}

	async send(text: string) {
		const input = this.page.getByTestId('chat-input');
		await input
			.locator('textarea')
			.or(this.page.locator('textarea[data-test-id=chat-input]'))
			.fill(text);
		await this.page.keyboard.press('Enter');
	}

	/** Waits until a message contains that. */
	async shows(text: string) {
		await this.messages.getByText(text).last().waitFor({ timeout: 30_000 });
	}

	async texts(): Promise<string[]> {
		return await this.messages.allInnerTexts();
	}

	/**
	 * Notes each text that the answer has from now on, in the browser, where none is missed.
	 * @returns what gives them, oldest first, without repetitions
	 */
	async watch(): Promise<() => Promise<string[]>> {
		await this.page.evaluate(() => {
			const seen: string[] = (window.seenTexts = []);
			const note = () => {
				const answers = Array.from(document.querySelectorAll('.chat-message-from-bot'));
				// below the answer are the dots that say that more will come
				const text = answers.map(({ innerText }) => innerText.trim()).findLast(Boolean);
				if (text && text !== seen.at(-1)) seen.push(text);
			};
			new MutationObserver(note).observe(document.body, {
				subtree: true,
				childList: true,
				characterData: true,
			});
		});
		return async () => await this.page.evaluate(() => window.seenTexts ?? []);
	}
}
