/** A queue that serves its keys in turn, so that one workspace's many or slow mappings do not stand before everybody else's. */
export class FairQueue<Item> {
  /** Key -> its items. The key that is first was served longest ago. */
  private readonly lines = new Map<string, Item[]>();
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(key: string, item: Item): void {
    const line = this.lines.get(key);
    if (line) line.push(item);
    else this.lines.set(key, [item]);
    this.count += 1;
  }

  shift(): Item | undefined {
    for (const [key, line] of this.lines) {
      const item = line.shift();
      this.lines.delete(key);
      if (line.length > 0) this.lines.set(key, line);
      if (item === undefined) continue;
      this.count -= 1;
      return item;
    }
    return undefined;
  }

  /** Takes an item out, wherever it stands; false when it is not there any more. */
  remove(key: string, item: Item): boolean {
    const line = this.lines.get(key);
    const at = line?.indexOf(item) ?? -1;
    if (!line || at < 0) return false;
    line.splice(at, 1);
    if (line.length === 0) this.lines.delete(key);
    this.count -= 1;
    return true;
  }
}
