import type { Address } from '../model/address.ts'
import { parseAddress } from './address.ts'
import { addressList, reads, wordsIn, type Kind } from './kinds.ts'
import { isWrong, show, type Wrong } from './text.ts'

/** Addresses, none being as good as some. */
export function someAddresses(defaultPort: number): Kind<readonly Address[]> {
  return { placeholder: 'HOST:PORT', repeatable: true, schema: addressList(defaultPort, 0) }
}

export interface EnsembleSpelling {
  readonly servers: readonly Address[]
  readonly chroot: string
}

/** `zk1:2181,zk2:2181/kafka`, or repeated: as in zookeeper.connect the path stands after the last server; more than one must agree. */
export function ensemble(defaultPort: number): Kind<EnsembleSpelling> {
  const schema = reads((given): EnsembleSpelling | Wrong => {
    const servers = new Map<string, Address>()
    const paths = new Set<string>()
    for (const word of wordsIn(given)) {
      if (isWrong(word)) return word
      const slash = /^[a-z0-9_+]+:\/\//i.test(word) ? -1 : word.indexOf('/')
      const address = parseAddress(slash < 0 ? word : word.slice(0, slash), defaultPort)
      if (isWrong(address)) return address
      servers.set(`${address.host.toLowerCase()} ${address.port}`, address)
      const path = slash < 0 ? '/' : word.slice(slash)
      if (!isUsablePath(path)) return { wrong: `${show(path)} is no path in ZooKeeper: write it as in /kafka` }
      if (path !== '/') paths.add(path)
    }
    if (paths.size > 1) return { wrong: `names two roots, ${[...paths].map(show).join(' and ')}: one cluster has one` }
    return { servers: [...servers.values()], chroot: [...paths][0] ?? '/' }
  })
  return { placeholder: 'HOST:PORT', repeatable: true, schema }
}

function isUsablePath(path: string): boolean {
  return path === '/' || /^(\/(?!\.{1,2}(\/|$))[^/\s\0]+)+$/.test(path)
}

/** `http://host:8080` or https; whatever stands after the host and its port is not taken. */
export function adminServers(): Kind<readonly string[]> {
  const schema = reads((given): readonly string[] | Wrong => {
    const urls = new Set<string>()
    for (const word of wordsIn(given)) {
      if (isWrong(word)) return word
      if (word.includes('@')) return { wrong: 'must not carry credentials' }
      const url = URL.canParse(word) ? new URL(word) : undefined
      if (url === undefined || !/^https?:$/.test(url.protocol)) {
        return { wrong: `${show(word)} is not an http:// or https:// URL, as in http://zk1:8080` }
      }
      if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
        return { wrong: `${show(word)} goes on after the port: write http://HOST:PORT only` }
      }
      urls.add(url.origin)
    }
    return [...urls]
  })
  return { placeholder: 'URL', repeatable: true, schema }
}
