
# What the guide leaves to its neighbours, and a way in: python3 client.py FUNCTION JSON.
import json
import sys


def read(path, query):
    response = requests.get(
        'https://api.oneclickdz.com' + path,
        params=query,
        headers={'X-Access-Token': os.getenv('API_KEY')}
    )
    result = response.json()
    if not response.ok:
        raise Exception(result['error']['message'])
    return result['data']


def validate_internet_number(type, number):
    return read('/v3/internet/check-number', {'type': type, 'number': number})


def load_internet_products(type):
    return read('/v3/internet/products', {'type': type})['products']


functions = {
    'validateAndSend': validate_and_send,
    'sendInternetTopup': send_internet_topup,
    'sendTopupSafely': send_topup_safely,
    'getBalance': lambda ignored: get_balance(),
}
name, argument = sys.argv[1:]
try:
    print(json.dumps({'returned': functions[name](json.loads(argument))}))
except Exception as error:
    print(json.dumps({'thrown': str(error)}))
