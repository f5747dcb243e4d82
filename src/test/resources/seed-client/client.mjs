
// What the guide leaves to its neighbours, and a way in: node client.mjs FUNCTION JSON.

async function read(path, query) {
    const response = await fetch(`https://api.oneclickdz.com${path}?${new URLSearchParams(query)}`, {
        headers: { "X-Access-Token": process.env.API_KEY },
    });
    const result = await response.json();
    if (!response.ok) {
        throw new Error(result.error.message);
    }
    return result.data;
}

async function validateInternetNumber(type, number) {
    return read("/v3/internet/check-number", { type, number });
}

async function loadInternetProducts(type) {
    return (await read("/v3/internet/products", { type })).products;
}

const functions = { validateAndSend, sendInternetTopup, sendTopupSafely, getBalance };
const [name, argument] = process.argv.slice(2);
try {
    console.log(JSON.stringify({ returned: await functions[name](JSON.parse(argument)) }));
} catch (error) {
    console.log(JSON.stringify({ thrown: error.message }));
}
