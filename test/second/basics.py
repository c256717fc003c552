"""formats.md, 1, 9 and 13: bytes, strict JSON, its canonical form, words."""
import base64
import binascii
import hashlib
import json
import os
import re
from decimal import Decimal

PAGE = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/formats.md'), encoding='utf-8').read()
MOST = 2**53 - 1


class Refused(Exception):
    """A refusal by its name in formats.md, 14."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def listing(name):
    """The words of one fenced block of the page."""
    return re.search(r'^```' + name + r'\n(.*?)^```$', PAGE, re.M | re.S).group(1).split()


def digest(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode('utf-8')).hexdigest()


def b64(data):
    return base64.b64encode(data).decode('ascii')


def unb64(text):
    """Standard base64 in its one spelling, or None."""
    try:
        data = base64.b64decode(text.encode('ascii'), validate=True)
    except (ValueError, binascii.Error):
        return None
    return data if b64(data) == text else None


def is_digest(value):
    return isinstance(value, str) and re.fullmatch(r'[0-9a-f]{64}', value) is not None


def is_uuid(value):
    return isinstance(value, str) and re.fullmatch(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', value) is not None


def is_day(year, month, day):
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    most = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1 <= month <= 12 and 1 <= day <= most[month - 1]


def is_time(value):
    match = isinstance(value, str) and re.fullmatch(r'([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{3}Z', value)
    if not match:
        return False
    year, month, day, hour, minute, second = map(int, match.groups())
    return is_day(year, month, day) and hour < 24 and minute < 60 and second < 60


def is_number(value, least=0):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST


class NotJson(Exception):
    """Why does not matter to whoever asks, but for a member that stands there twice."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


def read_json(data, most, integers=False):
    """Strict JSON, or NotJson."""
    if len(data) > most or data.startswith(b'\xef\xbb\xbf'):
        raise NotJson('size or mark')
    try:
        text = data.decode('utf-8')
    except UnicodeDecodeError:
        raise NotJson('utf-8')
    twice = []

    def pairs(members):
        if len({name for name, _ in members}) != len(members):
            twice.append(True)
        return dict(members)

    def no(_):
        raise NotJson('number')

    def integer(source):
        if integers and (source == '-0' or len(source) > 17 or abs(int(source)) > MOST):
            raise NotJson('number')
        return int(source) if len(source) < 4000 else float(source)

    floating = no if integers else float
    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_float=floating, parse_constant=no)
    except (ValueError, RecursionError):
        raise NotJson('syntax')
    deepest(value, 0)
    if twice:
        raise NotJson('twice')
    return value


def deepest(value, depth):
    """Depth and lone surrogates."""
    if isinstance(value, str):
        if any(0xD800 <= ord(one) <= 0xDFFF for one in value):
            raise NotJson('surrogate')
        return
    if not isinstance(value, (dict, list)):
        return
    if depth == 32:
        raise NotJson('depth')
    for inner in list(value) + list(value.values()) if isinstance(value, dict) else value:
        deepest(inner, depth + 1)


ESCAPES = {'"': '\\"', '\\': '\\\\', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r'}


def canonical_text(value):
    if value is None or isinstance(value, bool):
        return {None: 'null', True: 'true', False: 'false'}[value]
    if isinstance(value, str):
        return '"' + ''.join(ESCAPES.get(one, one if ord(one) > 31 else f'\\u{ord(one):04x}') for one in value) + '"'
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, list):
        return '[' + ','.join(map(canonical_text, value)) + ']'
    names = sorted(value, key=lambda name: name.encode('utf-16-be'))
    return '{' + ','.join(canonical_text(name) + ':' + canonical_text(value[name]) for name in names) + '}'


def number(value):
    """ECMAScript's Number::toString, which RFC 8785 takes."""
    value = float(value)
    if value == 0:
        return '0'
    _, digits, exponent = Decimal(repr(abs(value))).as_tuple()
    text = ''.join(map(str, digits))
    point = len(text) + exponent  # digits before the point
    text = text.rstrip('0')
    sign = '-' if value < 0 else ''
    if 0 < point <= 21:
        whole, rest = text[:point].ljust(point, '0'), text[point:]
        return sign + whole + ('.' + rest if rest else '')
    if -6 < point <= 0:
        return sign + '0.' + '0' * -point + text
    power = point - 1
    return f"{sign}{text[0]}{'.' + text[1:] if text[1:] else ''}e{'+' if power > 0 else '-'}{abs(power)}"


def canonical(value):
    return canonical_text(value).encode('utf-8')


PGP = [pair.split(':') for pair in listing('words')]


def words(hex_digest):
    return [PGP[byte][index % 2] for index, byte in enumerate(bytes.fromhex(hex_digest))]
