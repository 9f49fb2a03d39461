import { describe, expect, it } from 'vitest'
import { epochOf, parseCons, parseDump, parseSrvr, parseSynced } from '../../../testbed/drills/coordinators/words.ts'

const SRVR = `Zookeeper version: 3.5.8-f439ca583e70862c3068a1f2a7d4d068eec33315, built on 05/04/2020 15:07 GMT
Latency min/avg/max: 0/0.5/11
Received: 86
Outstanding: 0
Zxid: 0x200000009
Mode: leader
Node count: 9
`

const DUMP = `SessionTracker dump:
Session Sets (5)/(2):
0 expire at Sun Nov 22 14:13:22 UTC 2026:
1 expire at Sun Nov 22 14:13:24 UTC 2026:
	0x300001905be0000
2 expire at Sun Nov 22 14:13:25 UTC 2026:
	0x100001905f70000
	0x100001905f70007
ephemeral nodes dump:
Sessions with Ephemerals (2):
0x300001905be0000:
	/brokers/ids/2
0x100001905f70000:
	/controller
	/brokers/ids/1
Connections dump:
Connections Sets (2)/(2):
2 expire at Sun Nov 22 14:13:33 UTC 2026:
	ip: /127.0.0.1:41376 sessionId: 0x0
`

const CONS = ` /127.0.0.1:59074[1](queued=0,recved=13,sent=14,sid=0x100001905f70000,lop=PING,est=1795356798513,to=4000,lcxid=0x6b02f887)
 /127.0.0.1:59108[0](queued=0,recved=1,sent=0)
`

describe('four-letter words', () => {
  it('tell who leads, in which epoch', () => {
    const { mode, zxid } = parseSrvr(SRVR)
    expect([mode, epochOf(zxid ?? 0n)]).toEqual(['leader', 2])
    expect(parseSrvr('This ZooKeeper instance is not currently serving requests\n')).toEqual({
      mode: 'not_serving',
      zxid: undefined,
    })
  })

  it('are no answer when they are anything else', () => {
    expect(() => parseSrvr('srvr is not executed because it is not in the whitelist.\n')).toThrow('srvr says')
    expect(() => parseSrvr('')).toThrow('srvr says')
  })

  it('tell how many followers are in sync, of a leader only', () => {
    expect(parseSynced('zk_server_state\tleader\nzk_synced_followers\t2\n')).toBe(2)
    expect(parseSynced('zk_synced_followers\t2.0\n')).toBe(2)
    expect(parseSynced('zk_server_state\tfollower\n')).toBeUndefined()
  })

  it('tell which broker hangs on which session, and when that ends', () => {
    const { expiries, brokers } = parseDump(DUMP)
    expect([...brokers]).toEqual([
      [2, '0x300001905be0000'],
      [1, '0x100001905f70000'],
    ])
    expect([...expiries.keys()]).toEqual(['0x300001905be0000', '0x100001905f70000', '0x100001905f70007'])
    expect(expiries.get('0x100001905f70000')).toBe(Date.UTC(2026, 10, 22, 14, 13, 25) / 1000)
  })

  it('tell which sessions a server carries', () => {
    expect(parseCons(CONS)).toEqual([{ session: '0x100001905f70000', timeoutMs: 4000 }])
  })
})
