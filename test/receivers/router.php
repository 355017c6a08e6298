<?php

declare(strict_types=1);

// A receiver for `php -S`: php://input is the body as it came, before anything parsed it.

const MOST_BYTES = 10 * 1024 * 1024;
const TYPES = ['profile_creation', 'member_portal_visit', 'change_in_level', 'earning', 'burning',
    'point_correction_plus', 'point_correction_minus', 'free_gift'];

$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (preg_match('~^/events/([^/]+)/count$~', $path, $matches) === 1) {
    header('Content-Type: text/plain');
    echo with_store(fn (array &$store): int => $store['applied'][rawurldecode($matches[1])] ?? 0);
    return;
}
http_response_code($path === '/webhooks' ? receive() : 404);

function receive(): int
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        header('Allow: POST');
        return 405;
    }
    if (preg_match('~^\s*application/json\s*(;|$)~i', $_SERVER['CONTENT_TYPE'] ?? '') !== 1) {
        return 415;
    }
    if (strtolower($_SERVER['HTTP_CONTENT_ENCODING'] ?? 'identity') !== 'identity') {
        return 415;
    }
    $body = (string) file_get_contents('php://input', length: MOST_BYTES + 1);
    if (strlen($body) > MOST_BYTES) {
        return 413;
    }
    if (!hash_equals(setting('WEBHOOK_AUTHORIZATION'), $_SERVER['HTTP_X_TEST_AUTHORIZATION_HEADER'] ?? '')) {
        return 401;
    }
    if (!is_signed($body, $_SERVER['HTTP_X_QUALIFIO_SIGNATURE'] ?? '')) {
        return 401;
    }
    $elements = decoded($body);
    if ($elements === null) {
        return 400;
    }
    $events = array_filter($elements, is_event(...));
    if ($events !== []) {
        with_store(function (array &$store) use ($events): void {
            foreach ($events as $event) {
                apply($event, $store);
            }
        });
    }
    return 204;
}

// A setting that is missing must not become an empty key, which everybody knows.
function setting(string $name): string
{
    $value = (string) getenv($name);
    return $value !== '' ? $value : throw new RuntimeException("$name is not set");
}

function is_signed(string $body, string $signature): bool
{
    foreach (['WEBHOOK_SECRET', 'WEBHOOK_PREVIOUS_SECRET'] as $name) {
        if (hash_equals('sha256=' . hash_hmac('sha256', $body, setting($name)), $signature)) {
            return true;
        }
    }
    return false;
}

/** The elements, or null where there is no array; `{}` is one to PHP once it is decoded, so the first byte decides. */
function decoded(string $body): ?array
{
    $text = ltrim($body, " \t\r\n");
    if (!str_starts_with($text, '[')) {
        return null;
    }
    // 512 levels by default; the parser's own stack ends at some thousands, as a syntax error. An integer past 63 bits
    // would be a float.
    $decode = fn (string $json): mixed => json_decode($json, true, 100_000, JSON_BIGINT_AS_STRING);
    $elements = $decode($text);
    if (json_last_error() === JSON_ERROR_UTF16) {
        // Half a surrogate pair, which JSON allows and PHP does not: replaced, so that one odd name loses no event.
        $pair = '\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}(*SKIP)(*FAIL)';
        $escape = '(?:\\\\\\\\)+(*SKIP)(*FAIL)';
        $elements = $decode((string) preg_replace("~$escape|$pair|\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}~", '\\ufffd', $text));
    }
    return is_array($elements) ? $elements : null;
}

function is_event(mixed $element): bool
{
    if (!is_array($element) || !is_array($element['member'] ?? null) || !is_array($element['data'] ?? null)) {
        return false;
    }
    foreach ([$element['id'] ?? '', $element['occurredAt'] ?? '', $element['member']['id'] ?? ''] as $text) {
        if (!is_string($text) || $text === '') {
            return false;
        }
    }
    return in_array($element['type'] ?? null, TYPES, true);
}

function apply(array $event, array &$store): void
{
    if (isset($store['seen'][$event['id']])) {
        return;
    }
    $store['seen'][$event['id']] = true;
    if ($event['type'] === 'change_in_level') {
        $member = $event['member']['id'];
        if (($store['levels'][$member] ?? '') > $event['occurredAt']) {
            return;
        }
        $store['levels'][$member] = $event['occurredAt'];
    }
    $store['applied'][$event['id']] = ($store['applied'][$event['id']] ?? 0) + 1;
}

/** The workers share one file, and one at a time has it; a database and its unique key in a real program. */
function with_store(callable $use): mixed
{
    $file = fopen(setting('WEBHOOK_STORE'), 'c+');
    flock($file, LOCK_EX);
    $text = (string) stream_get_contents($file);
    $store = $text === '' ? ['seen' => [], 'applied' => [], 'levels' => []] : json_decode($text, true);
    $before = $store;
    $result = $use($store);
    if ($store !== $before) {
        // `{}` rather than `[]`, and whole before the lock is given back.
        rewind($file);
        ftruncate($file, 0);
        fwrite($file, json_encode($store, JSON_FORCE_OBJECT | JSON_THROW_ON_ERROR));
        fflush($file);
    }
    flock($file, LOCK_UN);
    fclose($file);
    return $result;
}
