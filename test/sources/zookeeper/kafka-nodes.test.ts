import { expect, it } from 'vitest'
import { parseController } from '../../../src/sources/zookeeper/kafka-nodes.ts'

it.each<[text: string, controller: ReturnType<typeof parseController>]>([
  ['{"version":1,"brokerid":3,"timestamp":"1766"}', { id: 3, kraft: false }],
  ['{"version":2,"brokerid":3,"timestamp":"1766","kraftControllerEpoch":-1}', { id: 3, kraft: false }],
  ['{"version":2,"brokerid":101,"timestamp":"1766","kraftControllerEpoch":5}', { id: 101, kraft: true }],
  ['{"version":2,"brokerid":101,"kraftControllerEpoch":"5"}', { id: 101, kraft: false }],
  ['{"brokerid":"3"}', undefined],
  ['{"brokerid":-1}', undefined],
  ['3', undefined],
  ['{', undefined],
])('%s', (text, controller) => {
  expect(parseController(Buffer.from(text))).toEqual(controller)
})
