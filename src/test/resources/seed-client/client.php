
// What the guide leaves to its neighbours, and a way in: php client.php FUNCTION JSON.

function readData($path, $query) {
    $ch = curl_init('https://api.oneclickdz.com' . $path . '?' . http_build_query($query));
    curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($ch, CURLOPT_HTTPHEADER, ['X-Access-Token: ' . getenv('API_KEY')]);
    $result = json_decode(curl_exec($ch), true);
    if (!$result['success']) {
        throw new Exception($result['error']['message']);
    }
    return $result['data'];
}

function validateInternetNumber($type, $number) {
    return readData('/v3/internet/check-number', ['type' => $type, 'number' => $number]);
}

function loadInternetProducts($type) {
    return readData('/v3/internet/products', ['type' => $type])['products'];
}

[, $name, $argument] = $argv;
try {
    echo "\n" . json_encode(['returned' => $name(json_decode($argument, true))]) . "\n";
} catch (Exception $error) {
    echo "\n" . json_encode(['thrown' => $error->getMessage()]) . "\n";
}
