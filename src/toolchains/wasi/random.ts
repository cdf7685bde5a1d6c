/** The largest request that engines accept for random bytes. */
const mostRandom = 65536;

/** Fills bytes at random. Engines refuse to write to shared memory, so they write to a copy. */
export function fillRandom(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; done += mostRandom) {
    const part = crypto.getRandomValues(new Uint8Array(Math.min(mostRandom, bytes.length - done)));
    bytes.set(part, done);
  }
}
