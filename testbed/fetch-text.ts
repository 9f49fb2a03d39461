import { get, type Agent } from 'node:http'

/** The body of a page, not compressed. Rejects on any status but 200. `agent` false: a connection of its own. */
export function fetchText(url: string, agent: Agent | false, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'))
        else reject(new Error(`status ${response.statusCode ?? 0}`))
      })
    })
    request.once('error', reject)
  })
}
