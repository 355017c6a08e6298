import type { SignedRequest } from '../delivery/request.ts'

/** What a script needs to know of the run that it makes. */
export interface K6Run {
  readonly url: URL
  /** The name of the data file, which lies beside the script. */
  readonly dataFile: string
  /** Any of the requests: all have the same headers, but for the signature. */
  readonly request: SignedRequest
}

/** One request on one line of the data file: what differs from the others, the body and its signature. */
export function k6DataLine({ headers, signatureHeader, body }: SignedRequest): string {
  const signature = headers.find(([name]) => name === signatureHeader)?.[1]
  const line = { body: Buffer.from(body).toString('utf8'), ...(signature === undefined ? {} : { signature }) }
  return `${JSON.stringify(line)}\n`
}

/**
 * A script for `k6 run` and the k6 operator: an open schedule at RATE per second (50), every request once at
 * most, however many instances share the work. Holds credentials.
 */
export function k6Script({ url, dataFile, request: { headers, signatureHeader } }: K6Run): string {
  const shared = Object.fromEntries(headers.filter(([name]) => name !== signatureHeader))
  const own = signatureHeader === undefined ? '' : `, [${JSON.stringify(signatureHeader)}]: request.signature`
  return `// Signed requests from qualifio-sim. With its data file it holds credentials: keep both private.
//   k6 run -e RATE=100 SCRIPT.js
import { check } from 'k6'
import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
import http from 'k6/http'

const url = ${JSON.stringify(url.href)}
const headers = ${JSON.stringify(shared, null, 2)}
const rate = Number(__ENV.RATE || 50)
const requests = new SharedArray('requests', () =>
  open(${JSON.stringify(`./${dataFile}`)})
    .trimEnd()
    .split('\\n')
    .map((line) => JSON.parse(line)),
)

export const options = {
  discardResponseBodies: true,
  scenarios: {
    qualifio: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: \`\${Math.max(1, Math.ceil(requests.length / rate))}s\`,
      preAllocatedVUs: Number(__ENV.VUS || 50),
      maxVUs: Number(__ENV.MAX_VUS || 500),
    },
  },
}

// Qualifio takes any 2xx for success and follows no redirect.
const accepted = http.expectedStatuses({ min: 200, max: 299 })

export default function () {
  // Counts across all instances. The last second may have room for more than there is: nothing is sent twice.
  const index = exec.scenario.iterationInTest
  if (index >= requests.length) return
  const request = requests[index]
  const response = http.post(url, request.body, {
    headers: { ...headers${own} },
    redirects: 0,
    responseCallback: accepted,
  })
  check(response, { 'accepted (2xx)': ({ status }) => status >= 200 && status < 300 })
}
`
}
