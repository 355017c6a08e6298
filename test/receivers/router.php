<?php

declare(strict_types=1);

// A receiver for `php -S`: php://input is the body as it came, before anything parsed it.
$body = file_get_contents('php://input');
$authorization = $_SERVER['HTTP_X_TEST_AUTHORIZATION_HEADER'] ?? '';
$signature = $_SERVER['HTTP_X_QUALIFIO_SIGNATURE'] ?? '';
$expected = 'sha256=' . hash_hmac('sha256', $body, (string) getenv('WEBHOOK_SECRET'));

if (!hash_equals((string) getenv('WEBHOOK_AUTHORIZATION'), $authorization) || !hash_equals($expected, $signature)) {
    http_response_code(401);
    return;
}
$events = json_decode($body, true);
http_response_code(is_array($events) && array_is_list($events) ? 204 : 400);
