import type { Cause } from '../cause.ts'

/** What goes wrong in taking and answering the request, and on the way to it. */
export const HTTP_CAUSES = {
  'body-limit': {
    title: 'The limit of the body size does not fit',
    why: 'The receiver, or a proxy before it, refuses bodies that a batch of events can reach, or has no limit at all. A refused batch is refused in every retry; without a limit one request can fill the memory.',
    mend: 'Raise the limit for this route alone, to 10 MB for example, in the framework and in every proxy before it (nginx `client_max_body_size`), and keep it finite.',
  },
  'content-type-strict': {
    title: 'The content type is compared too strictly, or not handled',
    why: 'The body is read only when the content type is one exact text. With a parameter, other letter case or no type at all, the body stays unread and the signature check fails or crashes.',
    mend: 'Read the raw body on this route whatever the content type, compare the media type without parameters and letter case, and answer 415 to types that are not JSON.',
  },
  redirects: {
    title: 'The address redirects',
    why: 'Only 2xx is a success and a redirect is not followed. Every delivery to this address fails.',
    mend: 'Configure the final address, with https, the exact host and the right trailing slash, and exempt the route from redirects to another host, slash or login.',
  },
  'answers-with-a-page': {
    title: 'A page answers instead of the receiver',
    why: 'The 2xx carries an HTML page, such as a login form or the fallback of a single-page application. The delivery counts as done although no event was read.',
    mend: 'Route the path to the receiver before logins and catch-all pages, and answer with an empty 204 or a short JSON.',
  },
  'other-methods': {
    title: 'Methods other than POST are accepted',
    why: 'A GET or HEAD reaches the code of the webhook or answers as if it had. Crawlers, link previews and health checks then look like deliveries.',
    mend: 'Register the route for POST only and answer 405 with `Allow: POST` to the other methods.',
  },
  'no-answer': {
    title: 'No answer comes at all',
    why: 'The request is taken and never answered. Qualifio waits, gives up, and sends the same again.',
    mend: 'Answer on every way through the code, errors and early returns too; look for a promise that nobody awaits, a callback that is not called, a lock that is not released.',
  },
  'connection-ends': {
    title: 'The connection ends without an answer',
    why: 'The receiver, or a proxy before it, drops the connection instead of answering. The sender cannot tell whether the events were applied, so it sends them again.',
    mend: 'Look into its log at this moment for an error that nobody caught, a restart or a worker that was killed, and answer with a status instead.',
  },
  'process-ends': {
    title: 'The receiver does not survive it',
    why: 'After this request the receiver answers no more. One such request, from Qualifio or from anybody else, stops all deliveries.',
    mend: 'Look into its log: an error that nobody caught, memory that ran out, a recursion without end. Catch the error in the route, limit size and depth, and let a supervisor restart the process.',
  },
  'slow-answer': {
    title: 'The answer comes too late',
    why: 'The receiver does its work before it answers. A late answer counts as a failure although the events were applied, so they come again.',
    mend: 'Verify, store the events durably, answer 2xx, and do the rest in a worker that reads what was stored. Work that only lives in memory after the answer is lost in a crash.',
  },
  'no-backpressure': {
    title: 'A burst is not taken, or the refusal does not say when to come back',
    why: 'Several deliveries at once exhaust connections or a rate limit. Each refusal uses up one of the 7 retries.',
    mend: 'Store events fast and work them off behind a queue, exempt the route from per-address rate limits, and send `Retry-After` with every 429 and 503.',
  },
  tls: {
    title: 'The TLS set-up is not sound',
    why: 'A certificate that is expired, self-signed, incomplete or for another name makes the connection fail before any request. No delivery arrives.',
    mend: 'Serve a public certificate with its intermediates for exactly this host name, renew it automatically at least 14 days before its end, and offer TLS 1.2 and 1.3 only.',
  },
  'plain-http': {
    title: 'The endpoint also works without TLS',
    why: 'The same path accepts posts over plain http. Somebody who configures that address sends members and the authorization header in the clear.',
    mend: 'Close port 80 or let it answer every POST with a redirect or 403, in the proxy that ends TLS, so that plain http never reaches the application.',
  },
  'header-case': {
    title: 'Header names are compared with letter case',
    why: 'Header names have no letter case, and HTTP/2 and many proxies write them in lower case. A lookup by exact spelling does not find the signature.',
    mend: 'Read headers through the lookup of the framework, which ignores case; in a plain map, turn the names into lower case first.',
  },
  'transfer-coding': {
    title: 'Chunked or compressed bodies are not read right',
    why: 'The receiver or its proxy relies on Content-Length, or decompresses the body before it is verified. A sender may choose either, and the body is then empty or other bytes.',
    mend: 'Read the body to its end instead of counting on `Content-Length`, let the proxy buffer requests (nginx `proxy_request_buffering on`), and answer 415 to a `Content-Encoding` that you do not handle.',
  },
  'slow-sender': {
    title: 'A body that comes slowly is given up',
    why: 'The receiver reads only what is there at once, or its timeout for a body is very short. On a slow line real deliveries break off.',
    mend: 'Wait for the end of the body, and give the server and each proxy a body timeout of at least 10 seconds.',
  },
  'connection-handling': {
    title: 'Connections are not handled well',
    why: 'The receiver breaks on a reused, idle or aborted connection, or applies a body that was cut off. The next delivery on such a connection is lost or the process dies.',
    mend: 'Handle an aborted request as an error of that request alone, apply nothing of an incomplete body, and keep idle connections longer than the proxy before you does.',
  },
  'front-door': {
    title: 'Something before the application answers',
    why: 'A firewall, bot filter, login or proxy refuses the request, so the application never sees it. Qualifio would meet the same door.',
    mend: 'Exempt the path from bot checks, login and user-agent rules in the CDN, firewall or proxy, and allow the IP addresses that Qualifio names; keep the signature as the guard.',
  },
} satisfies Readonly<Record<string, Cause>>
