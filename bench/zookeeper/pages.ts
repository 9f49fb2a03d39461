/** `name{labels}` -> value, of an exposition with or without HELP and TYPE. */
export type Page = ReadonlyMap<string, number>

export async function scrape(url: string): Promise<Page | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    return readPage(await response.text())
  } catch {
    return undefined
  }
}

function readPage(text: string): Page {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.flatMap((line): [string, number][] => {
      const blank = line.lastIndexOf(' ')
      return [[line.slice(0, blank), Number(line.slice(blank + 1))]]
    }),
  )
}

/** What one exporter has and the other has not, or has differently, among the series that begin with `zk_`. */
export function differences(
  ours: Page,
  theirs: Page,
): { readonly equal: number; readonly onlyOurs: string[]; readonly onlyTheirs: string[]; readonly others: string[] } {
  const zk = (page: Page): string[] => [...page.keys()].filter((series) => series.startsWith('zk_'))
  const shared = zk(ours).filter((series) => theirs.has(series))
  const names = (list: readonly string[]): string[] =>
    [...new Set(list.map((series) => series.replace(/\{.*/, '')))].sort()
  return {
    equal: shared.filter((series) => ours.get(series) === theirs.get(series)).length,
    onlyOurs: names(zk(ours).filter((series) => !theirs.has(series))),
    onlyTheirs: names(zk(theirs).filter((series) => !ours.has(series))),
    others: names(shared.filter((series) => ours.get(series) !== theirs.get(series))),
  }
}
