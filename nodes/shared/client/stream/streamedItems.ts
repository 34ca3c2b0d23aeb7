import { type JsonObject, isObject } from '../json';
import { kindOf } from './outputItem';
import { StreamedItem } from './streamedItem';

/** By what an event says which item it is about. */
interface Address {
	ids: string[];
	index: number | undefined;
	/** The type of the item; undefined where the event fits several. */
	kind: string | undefined;
}

/** Among so many an event is looked for that does not say where it belongs: more are never open at once. */
const RECENT = 64;

/**
 * The items of a stream, and which of them an event is about. No server has it all: vLLM's ids may be
 * missing or change between the events of an item, so its `output_index` counts; llama-server has no index;
 * transformers serve comes back to an item at another index. What counts, in this order: an id that an
 * item gave itself, the index, an id that only its events gave, the last item of the kind that is open.
 */
export class StreamedItems {
	/** In the order in which they began. */
	private readonly all: StreamedItem[] = [];
	/** How often one ended: an item that ends again and again is put together again each time. */
	private ends = 0;
	/** By the ids that they gave themselves. */
	private readonly named = new Map<string, StreamedItem[]>();
	/** The last one that was found there. */
	private readonly current = new Map<number, StreamedItem>();
	/** The last one that an event was about. */
	private last: StreamedItem | undefined;
	/** What the last event of a text said of its item, as long as no item has begun or ended since. */
	private same: { id: unknown; index: unknown; kind?: string; item: StreamedItem } | undefined;

	/** How many there are, or ends of them. */
	get entries() {
		return Math.max(this.all.length, this.ends);
	}

	get list(): readonly StreamedItem[] {
		return this.all;
	}

	/** In the order of the output. An item whose place nobody said stands behind the one that began before it. */
	get inOrder(): StreamedItem[] {
		let place = 0;
		return this.all
			.map((item) => ({ item, place: (place = item.index ?? place) }))
			.sort((one, other) => one.place - other.place)
			.map(({ item }) => item);
	}

	/** Whether an item has given itself the id that the event has. */
	knows({ item_id: id, item }: JsonObject): boolean {
		return this.named.has(String(id ?? (isObject(item) ? item.id : undefined)));
	}

	/** `response.output_item.added` */
	begin(event: JsonObject, item: JsonObject) {
		const address = addressOf(event, item);
		const known =
			this.byName(address, item) ?? this.unannounced(address) ?? this.announcedHere(address, item);
		this.use(known ?? this.create(), address, true).begin(item);
	}

	/** `response.output_item.done` */
	end(event: JsonObject, item: JsonObject) {
		this.ends++;
		const address = addressOf(event, item);
		const known = this.byName(address, item) ?? this.endingHere(address, item);
		this.use(known ?? this.create(), address, true).end(item);
	}

	/**
	 * The item that a delta or the end of a text is about; a new one where there is none.
	 * @param kind of items that have such texts; undefined for parts, which old vLLM mixes up
	 * @param isMore whether there is more of it, which cannot be of a call that has ended
	 */
	find(event: JsonObject, kind: string | undefined, isMore = false): StreamedItem {
		const { item_id: id, output_index: index } = event;
		const { same } = this;
		// delta after delta says the same
		if (same && same.id === id && same.index === index && same.kind === kind) return same.item;
		const address = addressOf(event, { id }, kind);
		const known =
			this.byName(address) ??
			(address.index === undefined
				? this.withoutIndex(address, isMore)
				: this.atIndex(address, isMore)) ??
			// a text under the id of an item that has no such texts: the event's type counts
			this.namedBy(address.ids).at(-1);
		const item = this.use(known ?? this.create(), address, false);
		this.same = address.index === undefined && !id ? undefined : { id, index, kind, item };
		return item;
	}

	private namedBy(ids: string[]): StreamedItem[] {
		return ids.flatMap((id) => this.named.get(id)?.slice(-RECENT) ?? []);
	}

	private addName(id: string, item: StreamedItem) {
		const named = this.named.get(id);
		if (!named) this.named.set(id, [item]);
		else if (!named.slice(-RECENT).includes(item)) named.push(item);
	}

	/** @param item what was told of it, where it was: a call has an id of its own besides */
	private byName({ ids, index, kind }: Address, item: JsonObject = {}): StreamedItem | undefined {
		const named = this.namedBy(ids).filter((one) => isOfKind(one, kind) && !isOtherCall(one, item));
		return named.findLast((one) => one.index === index) ?? named.at(-1);
	}

	/** Its deltas came before it. */
	private unannounced({ ids, index, kind }: Address): StreamedItem | undefined {
		return this.recent.findLast((one) => {
			if (one.isAnnounced || one.isDone || !isOfKind(one, kind)) return false;
			if (isCalled(one, ids)) return true;
			if (one.index !== undefined && index !== undefined) return one.index === index;
			return !one.hasEnded && (one.ids.size === 0 || ids.length === 0);
		});
	}

	/** The same once more; where all items have one index, the next begins when the last has ended. */
	private announcedHere({ ids, index, kind }: Address, item: JsonObject) {
		const known = index === undefined ? undefined : this.current.get(index);
		if (!known || known.hasEnded || !isOfKind(known, kind)) return undefined;
		const isOther = isOtherCall(known, item) || (ids.length > 0 && known.isNamed);
		return isOther ? undefined : known;
	}

	private endingHere({ ids, index, kind }: Address, item: JsonObject): StreamedItem | undefined {
		const fitting = this.recent.filter((one) => isOfKind(one, kind) && !isOtherCall(one, item));
		const here = fitting.filter((one) =>
			index === undefined
				? isCalled(one, ids) || !one.isNamed || ids.length === 0
				: one.index === index || this.current.get(index) === one,
		);
		const open = here.filter((one) => !one.isDone);
		// without an index the ends come in the order of the items
		if (open.length > 0) return index === undefined ? open[0] : open.at(-1);
		const again = here.findLast((one) => (!one.isNamed || ids.length === 0) && one.isEnd(item));
		if (again) return again;
		// only its deltas came, without a place
		const placeless = fitting.filter((one) => !one.isDone && one.index === undefined);
		const told =
			placeless.find((one) => isCalled(one, ids)) ?? placeless.find((one) => one.hasTold(item));
		if (told || index === undefined) return told;
		// an item whose text came under another kind: the event's type counts
		const mixed = this.current.get(index);
		return mixed && !mixed.isDone && isText(mixed.kind) && isText(kind) ? mixed : undefined;
	}

	private atIndex({ ids, index, kind }: Address, isMore: boolean): StreamedItem | undefined {
		const current = this.current.get(index as number);
		const here = this.recent.filter((one) => one.index === index);
		const fitting = [...here, ...(current ? [current] : [])].filter((one) => isOfKind(one, kind));
		const found =
			fitting.findLast((one) => !one.hasEnded) ??
			fitting.findLast((one) => mayGoOn(one, ids, isMore));
		if (found) return found;
		const misplaced = this.recent.findLast((one) => isWaiting(one, kind) && this.isMisplaced(one));
		if (misplaced) {
			misplaced.index = index;
			return misplaced;
		}
		if (current && !current.isDone && isText(current.kind) && isText(kind)) return current;
		return here.length === 0 && isText(kind)
			? this.recent.findLast((one) => isOfKind(one, kind) && isCalled(one, ids))
			: undefined;
	}

	/** Announced at an index that is not its own, as where each item is said to begin at 0. */
	private isMisplaced(item: StreamedItem): boolean {
		return this.recent.some((other) => other !== item && other.index === item.index);
	}

	private withoutIndex({ ids, kind }: Address, isMore: boolean): StreamedItem | undefined {
		if (kind === undefined) return this.last;
		const ofKind = this.recent.filter((one) => isOfKind(one, kind));
		const open = ofKind.filter((one) => !one.hasEnded);
		if (ids.length === 0) {
			return open.at(-1) ?? ofKind.findLast((one) => mayGoOn(one, ids, isMore));
		}
		// an id that nobody gave is that of an item without one, or of one that is yet to be announced
		return (
			ofKind.findLast((one) => isCalled(one, ids)) ?? open.findLast((one) => one.ids.size === 0)
		);
	}

	private get recent(): StreamedItem[] {
		return this.all.slice(-RECENT);
	}

	private create(): StreamedItem {
		const item = new StreamedItem();
		this.all.push(item);
		return item;
	}

	/** @param isItem whether the ids are those of the item itself */
	private use(item: StreamedItem, { ids, index }: Address, isItem: boolean): StreamedItem {
		for (const id of ids) {
			item.ids.add(id);
			if (isItem) this.addName(id, item);
		}
		item.isNamed ||= isItem && ids.length > 0;
		if (index !== undefined) {
			item.index ??= index;
			this.current.set(index, item);
		}
		this.last = item;
		this.same = undefined;
		return item;
	}
}

const isText = (kind: string | undefined) => kind === 'message' || kind === 'reasoning';

const isCalled = (one: StreamedItem, ids: string[]) => ids.some((id) => one.ids.has(id));

/** What is not known of it may be. */
const isOfKind = (item: StreamedItem, kind: string | undefined) =>
	kind === undefined || item.kind === undefined || item.kind === kind;

const isOtherCall = ({ callId, callName }: StreamedItem, { call_id: id, name }: JsonObject) =>
	id && callId ? id !== callId : !!name && !!callName && name !== callName;

/** Whether what comes after its end may be of it: not under another id, and of a call only that end once more. */
const mayGoOn = (one: StreamedItem, ids: string[], isMore: boolean) =>
	!one.isDone ||
	(!(ids.length > 0 && one.isNamed && !isCalled(one, ids)) &&
		!(isMore && one.kind === 'function_call'));

/** Announced, and nothing was told of it yet. */
const isWaiting = (one: StreamedItem, kind: string | undefined) =>
	one.isAnnounced && !one.isTouched && !one.hasEnded && one.kind === kind;

function addressOf(
	{ output_index: index }: JsonObject,
	item: JsonObject,
	kind = kindOf(item),
): Address {
	const ids = [item.id, item.call_id].filter((id): id is string => typeof id === 'string' && !!id);
	return { ids, index: typeof index === 'number' ? index : undefined, kind };
}
